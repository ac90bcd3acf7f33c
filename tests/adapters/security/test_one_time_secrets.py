"""Secrets that work once."""

from adapters.security.one_time_secrets import RandomOneTimeSecrets


def test_each_is_long_and_another_one() -> None:
    secrets = RandomOneTimeSecrets()
    links = {secrets.for_link().secret for _ in range(100)}
    codes = {secrets.for_typing().secret for _ in range(100)}
    assert {len(link) for link in links} == {43}
    assert {len(code) for code in codes} == {29}
    assert len(links | codes) == 200


def test_the_digest_belongs_to_the_secret() -> None:
    secrets = RandomOneTimeSecrets()
    for made in (secrets.for_link(), secrets.for_typing()):
        assert secrets.digest(made.secret) == made.digest
        assert made.secret not in repr(made)


def test_a_code_may_be_typed_in_other_groups_and_capitals_but_a_link_may_not() -> None:
    secrets = RandomOneTimeSecrets()
    code = secrets.for_typing()
    assert secrets.digest(code.secret.upper().replace("-", " ")) == code.digest
    link = secrets.for_link()
    assert secrets.digest(link.secret.swapcase()) != link.digest
