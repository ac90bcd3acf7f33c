{{/* The environment of the service's containers, and the files that it names. */}}

{{/* What the chart decides by itself; values.schema.json refuses it in config. */}}
{{- define "nodrake.fixedEnvironment" -}}
- name: NODRAKE_HOST
  value: 0.0.0.0
- name: NODRAKE_PORT
  value: "3000"
- name: NODRAKE_PROCESSES
  value: {{ include "nodrake.processes" . | quote }}
- name: NODRAKE_DRAIN_SECONDS
  value: {{ .Values.api.drainSeconds | int | quote }}
- name: NODRAKE_WORKER_METRICS_PORT
  value: "9464"
{{- end -}}

{{/* config where no ConfigMap of this release is there yet: in the hook, before an install. */}}
{{- define "nodrake.inlineConfig" -}}
{{- range $variable, $value := include "nodrake.config" . | fromYaml }}
- name: {{ $variable }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "nodrake.configFromMap" -}}
{{- $name := printf "%s-config" (include "nodrake.fullname" .) -}}
{{- range $variable, $_ := include "nodrake.config" . | fromYaml }}
- name: {{ $variable }}
  valueFrom:
    configMapKeyRef:
      name: {{ $name }}
      key: {{ $variable }}
{{- end }}
{{- end -}}

{{/* config, with the address that the ingress gives where none is set. */}}
{{- define "nodrake.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- if and .Values.ingress.enabled .Values.ingress.host (not (hasKey $config "NODRAKE_PUBLIC_URL")) -}}
{{- $_ := set $config "NODRAKE_PUBLIC_URL" (printf "https://%s" .Values.ingress.host) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* Variables from keys of the Secret; takes (dict "root" $ "keys" (dict VARIABLE key)). */}}
{{- define "nodrake.secretEnvironment" -}}
{{- $values := .root.Values -}}
{{- range $variable, $key := .keys }}
- name: {{ $variable }}
  valueFrom:
    secretKeyRef:
      name: {{ $values.existingSecretName }}
      key: {{ $key }}
      optional: {{ $values.allowMissingSecret }}
{{- end }}
{{- range $variable, $key := $values.secretFilesFromKeys }}
- name: {{ $variable }}
  value: {{ printf "/etc/nodrake/secrets/%s" $key }}
{{- end }}
{{- end -}}

{{- define "nodrake.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .Values.secretFilesFromKeys }}
- name: secrets
  mountPath: /etc/nodrake/secrets
  readOnly: true
{{- end }}
{{- end -}}

{{- define "nodrake.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- if .Values.secretFilesFromKeys }}
- name: secrets
  secret:
    secretName: {{ .Values.existingSecretName }}
    optional: {{ .Values.allowMissingSecret }}
    defaultMode: 288  # 0440: the group is fsGroup
    items:
      {{- range .Values.secretFilesFromKeys | values | uniq | sortAlpha }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
{{- end }}
{{- end -}}
