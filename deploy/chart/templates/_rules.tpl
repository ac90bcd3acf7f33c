{{/* Rules between values that a schema cannot say. All that is wrong is told at once. */}}

{{- define "nodrake.rules" -}}
{{- $values := .Values -}}
{{- $problems := list -}}

{{- $scaling := $values.api.autoscaling -}}
{{- if and $scaling.enabled (gt (int $scaling.minReplicas) (int $scaling.maxReplicas)) -}}
{{- $problems = append $problems (printf "api.autoscaling.minReplicas: %d is more than maxReplicas, which is %d" (int $scaling.minReplicas) (int $scaling.maxReplicas)) -}}
{{- end -}}

{{- range $variable, $_ := $values.config -}}
{{- if or (hasKey $values.secretEnvFromKeys $variable) (hasKey $values.secretFilesFromKeys $variable) -}}
{{- $problems = append $problems (printf "config.%s: is taken from the Secret too; keep one of both" $variable) -}}
{{- end -}}
{{- end -}}
{{- range $variable, $_ := $values.secretFilesFromKeys -}}
{{- if hasKey $values.secretEnvFromKeys $variable -}}
{{- $problems = append $problems (printf "secretFilesFromKeys.%s: is in secretEnvFromKeys too; keep one of both" $variable) -}}
{{- end -}}
{{- end -}}

{{- range $component := list "migrate" "backup" -}}
{{- range $variable, $_ := (index $values $component).secretEnvFromKeys -}}
{{- if or (hasKey $values.config $variable) (hasKey $values.secretFilesFromKeys $variable) -}}
{{- $problems = append $problems (printf "%s.secretEnvFromKeys.%s: is in config or secretFilesFromKeys too; keep one of them" $component $variable) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- $config := include "nodrake.config" . | fromYaml -}}
{{- if eq (default "" $config.NODRAKE_MODE) "production" -}}
{{- if not $config.NODRAKE_PUBLIC_URL -}}
{{- $problems = append $problems "config.NODRAKE_PUBLIC_URL: is not set; production needs the address under which people reach the service, such as https://music.example.org (or ingress.enabled with ingress.host)" -}}
{{- end -}}
{{- if not $config.NODRAKE_MAIL_FROM -}}
{{- $problems = append $problems "config.NODRAKE_MAIL_FROM: is not set; production needs the address that messages come from, such as No Drake <no-reply@music.example.org>" -}}
{{- end -}}
{{- end -}}

{{- $recipients := or $config.NODRAKE_BACKUP_RECIPIENTS $values.secretEnvFromKeys.NODRAKE_BACKUP_RECIPIENTS $values.backup.secretEnvFromKeys.NODRAKE_BACKUP_RECIPIENTS -}}
{{- if and $values.backup.enabled (not $recipients) -}}
{{- $problems = append $problems "config.NODRAKE_BACKUP_RECIPIENTS: is not set; backups are encrypted for somebody, whose key `nodrake backup key` makes" -}}
{{- end -}}

{{- /* In development, files are written into running containers. */ -}}
{{- if and (ne (default "" $config.NODRAKE_MODE) "development") (not $values.securityContext.readOnlyRootFilesystem) -}}
{{- $problems = append $problems "securityContext.readOnlyRootFilesystem: may be false in development alone" -}}
{{- end -}}

{{- /* lookup finds nothing without a cluster, as under `helm template`. */ -}}
{{- if and $values.existingSecretName (not $values.allowMissingSecret) -}}
{{- if not (lookup "v1" "Secret" .Release.Namespace $values.existingSecretName) -}}
{{- $problems = append $problems (printf "existingSecretName: there is no Secret %s in namespace %s; create it first, or set allowMissingSecret=true to render without a cluster" $values.existingSecretName .Release.Namespace) -}}
{{- end -}}
{{- end -}}

{{- if $problems -}}
{{- fail (printf "\n\nnodrake: these values cannot be used:\n  - %s\n" (join "\n  - " $problems)) -}}
{{- end -}}
{{- end -}}
