{{/* Names and labels. */}}

{{- define "nodrake.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough that the longest suffix of ours still fits into 63 characters. */}}
{{- define "nodrake.fullname" -}}
{{- $name := include "nodrake.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 48 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 48 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 48 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What selects the pods of one component; takes (dict "root" $ "component" "api"). */}}
{{- define "nodrake.selector" -}}
app.kubernetes.io/name: {{ include "nodrake.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "nodrake.labels" -}}
{{ include "nodrake.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "nodrake.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{/* How many API processes there can be: each counts to its share of the limits without Redis. */}}
{{- define "nodrake.processes" -}}
{{- if .Values.api.autoscaling.enabled -}}
{{- .Values.api.autoscaling.maxReplicas | int -}}
{{- else -}}
{{- max 1 (.Values.api.replicas | int) -}}
{{- end -}}
{{- end -}}
