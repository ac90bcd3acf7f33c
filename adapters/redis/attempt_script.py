"""The script that admits attempts: an exact sliding window, in one step for all processes."""

# A log of times for each subject, newest first, by Redis's own clock; all its windows are read
# from it. Whole numbers in a list take eleven bytes each, a tenth of what a sorted set takes, and
# since they are in order, a window's share is found by bisection.
#
# KEYS: the logs. ARGV, one for each: 1 if it is the last of its group, then limit, seconds and
# lock (0 or 1) of each window, shortest first. Each group is admitted or refused as a whole, and
# answered by four numbers, in one text for all: the wait, the place of the nearest window in the
# group, what remains of it, and when there will be more.
ADMIT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local answers = {}
local group = {}
local wait, waited, remaining, nearest, oldest, place = 0, 0, nil, 0, nil, 0

for i, key in ipairs(KEYS) do
    local numbers = {}
    for number in string.gmatch(ARGV[i], '%d+') do
        numbers[#numbers + 1] = tonumber(number)
    end
    local length = redis.call('LLEN', key)
    local newest = length > 0 and tonumber(redis.call('LINDEX', key, 0)) or 0
    local kept, before = 0, 0
    for n = 2, #numbers, 3 do
        place = place + 1
        local limit, window, lock = numbers[n], numbers[n + 1] * 1000000, numbers[n + 2] == 1
        local reference = lock and newest or now
        local low, high = lock and 0 or before, math.min(length, limit)
        if newest + window <= now then
            low, high = 0, 0
        end
        local last
        if high > low then
            last = tonumber(redis.call('LINDEX', key, high - 1))
            if last > reference - window then
                low = high
            end
        end
        while low < high do
            local middle = math.floor((low + high) / 2)
            if tonumber(redis.call('LINDEX', key, middle)) > reference - window then
                low = middle + 1
            else
                high = middle
            end
        end
        if low >= limit then
            local from = lock and newest or tonumber(redis.call('LINDEX', key, limit - 1))
            local seconds = math.max(1, math.ceil((from + window - now) / 1000000))
            if seconds > wait then
                wait, waited = seconds, place
            end
        elseif remaining == nil or limit - low - 1 <= remaining then
            remaining, nearest = limit - low - 1, place
            oldest = {key, low, window}
        end
        if not lock then
            before = low
        end
        kept = math.max(kept, low)
    end
    group[#group + 1] = {key, length, kept, math.max(now, newest), numbers[#numbers - 1]}
    if numbers[1] == 1 then
        if wait > 0 then
            answers[#answers + 1] = wait
            answers[#answers + 1] = waited - 1
            answers[#answers + 1] = 0
            answers[#answers + 1] = wait
        else
            local reset = oldest[3]
            if oldest[2] > 0 then
                reset = tonumber(redis.call('LINDEX', oldest[1], oldest[2] - 1)) + reset - now
            end
            for _, log in ipairs(group) do
                redis.call('LPUSH', log[1], log[4])
                if log[2] > log[3] then
                    redis.call('LTRIM', log[1], 0, log[3])
                end
                redis.call('EXPIRE', log[1], log[5])
            end
            answers[#answers + 1] = 0
            answers[#answers + 1] = nearest - 1
            answers[#answers + 1] = remaining
            answers[#answers + 1] = math.max(1, math.ceil(reset / 1000000))
        end
        group = {}
        wait, waited, remaining, nearest, oldest, place = 0, 0, nil, 0, nil, 0
    end
end
return table.concat(answers, ' ')
"""
