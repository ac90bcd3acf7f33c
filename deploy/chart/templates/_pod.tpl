{{/* What the pods of all components have in common. */}}

{{/* Takes (dict "root" $ "component" "api"); the migration has no scheduling values of its own. */}}
{{- define "nodrake.podSettings" -}}
{{- $values := .root.Values -}}
{{- $own := index $values .component -}}
serviceAccountName: {{ $values.serviceAccountName }}
# The service never asks Kubernetes for anything.
automountServiceAccountToken: false
# A Service called nodrake would set NODRAKE_PORT=tcp://… and other variables that are no settings.
enableServiceLinks: false
securityContext:
  {{- toYaml $values.podSecurityContext | nindent 2 }}
{{- with $values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "nodrake.topologySpread" -}}
{{- $selector := include "nodrake.selector" . -}}
{{- $spread := .root.Values.topologySpread -}}
{{- if $spread.enabled -}}
topologySpreadConstraints:
{{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: {{ $spread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- $selector | nindent 8 }}
    # Pods of the release before do not count while it is replaced.
    matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end -}}
{{- end -}}

{{/* Image, security and mounts of a container; takes (dict "root" $ "component" "api"). */}}
{{- define "nodrake.container" -}}
image: {{ include "nodrake.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  {{- toYaml .root.Values.securityContext | nindent 2 }}
resources:
  {{- toYaml (index .root.Values .component).resources | nindent 2 }}
volumeMounts:
  {{- include "nodrake.volumeMounts" .root | nindent 2 }}
{{- end -}}
