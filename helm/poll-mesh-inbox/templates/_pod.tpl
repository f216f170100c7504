{{/* Where the program looks for settings in files. */}}
{{- define "poll-mesh-inbox.secretsDirectory" -}}
{{- get .values.settings "SECRETS_DIRECTORY" | default "/var/run/secrets/poll-mesh-inbox" -}}
{{- end -}}

{{/* The image of a mailbox. */}}
{{- define "poll-mesh-inbox.image" -}}
{{- $image := .mailbox.values.image -}}
{{- $tag := toString ($image.tag | default (ternary "" .root.Chart.AppVersion (ne (toString ($image.digest | default "")) ""))) -}}
{{- $image.repository -}}{{- with $tag }}:{{ . }}{{ end -}}{{- with $image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{/* The environment of a mailbox's container, as a list. */}}
{{- define "poll-mesh-inbox.environment" -}}
{{- $mailbox := .mailbox -}}
{{- $settings := deepCopy $mailbox.values.settings -}}
{{- $_ := set $settings "MESH_MAILBOX_ID" $mailbox.id -}}
{{- range $setting, $source := $mailbox.sources -}}
{{- if eq $source.kind "keyVault" }}{{ $_ := set $settings (printf "%s_FILE" $setting) (printf "%s-key-vault/%s" (include "poll-mesh-inbox.secretsDirectory" $mailbox) $setting) }}{{ end -}}
{{- end -}}
{{- range $setting, $value := $settings }}
{{- if not (or (kindIs "invalid" $value) (eq (toString $value) "")) }}
- name: {{ $setting }}
  value: {{ include "poll-mesh-inbox.text" $value | quote }}
{{- end }}
{{- end }}
{{- with $mailbox.values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The files of a mailbox's Secrets and ConfigMaps, as the sources of a projected volume. What is missing is left out: the
     program says which setting it needs, while a pod that waits for a Secret says nothing. */}}
{{- define "poll-mesh-inbox.projectedSources" -}}
{{- $places := dict -}}
{{- range $setting, $source := .sources -}}
{{- if ne $source.kind "keyVault" -}}
{{- $place := printf "%s %s" $source.kind $source.name -}}
{{- $item := dict "key" $source.key "path" $setting -}}
{{- $_ := set $places $place (append (get $places $place | default list) $item) -}}
{{- end -}}
{{- end -}}
{{- range $place, $items := $places }}
- {{ splitList " " $place | first }}:
    name: {{ splitList " " $place | last | quote }}
    optional: true
    items:
      {{- toYaml $items | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Whether a mailbox has files from the Key Vault. */}}
{{- define "poll-mesh-inbox.usesKeyVault" -}}
{{- range .sources }}{{ if eq .kind "keyVault" }}yes{{ end }}{{ end -}}
{{- end -}}

{{/* The labels of a mailbox's pods. */}}
{{- define "poll-mesh-inbox.podLabels" -}}
{{- $more := list .mailbox.values.podLabels -}}
{{- if .mailbox.values.workloadIdentity.clientId -}}
{{- $more = append $more (dict "azure.workload.identity/use" "true") -}}
{{- end -}}
{{- include "poll-mesh-inbox.labels" (dict "root" .root "mailbox" .mailbox "more" $more) -}}
{{- end -}}

{{/* The spec of a mailbox's pods. Takes root, mailbox and perhaps args. */}}
{{- define "poll-mesh-inbox.podSpec" -}}
{{- $root := .root -}}
{{- $mailbox := .mailbox -}}
{{- $values := .mailbox.values -}}
{{- $projected := include "poll-mesh-inbox.projectedSources" $mailbox | trim -}}
{{- $usesKeyVault := include "poll-mesh-inbox.usesKeyVault" $mailbox -}}
restartPolicy: Never
terminationGracePeriodSeconds: {{ $mailbox.grace }}
serviceAccountName: {{ $mailbox.account.name | quote }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- range $key := list "priorityClassName" "runtimeClassName" "dnsPolicy" }}
{{- with get $values $key }}
{{ $key }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $key := list "nodeSelector" "affinity" "tolerations" "topologySpreadConstraints" "hostAliases" "dnsConfig" }}
{{- with get $values $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $values.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: poll-mesh-inbox
    image: {{ include "poll-mesh-inbox.image" . | quote }}
    {{- with $values.image.pullPolicy }}
    imagePullPolicy: {{ . }}
    {{- end }}
    {{- with .args }}
    args:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    env:
      {{- include "poll-mesh-inbox.environment" . | trim | nindent 6 }}
    {{- with $values.extraEnvFrom }}
    envFrom:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $values.resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $values.securityContext }}
    securityContext:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with get $values.settings "TERMINATION_MESSAGE_PATH" }}
    terminationMessagePath: {{ . | quote }}
    {{- end }}
    terminationMessagePolicy: FallbackToLogsOnError
    {{- if or $projected $usesKeyVault $values.extraVolumeMounts }}
    volumeMounts:
      {{- if $projected }}
      - name: secrets
        mountPath: {{ include "poll-mesh-inbox.secretsDirectory" $mailbox | quote }}
        readOnly: true
      {{- end }}
      {{- if $usesKeyVault }}
      - name: key-vault
        mountPath: {{ printf "%s-key-vault" (include "poll-mesh-inbox.secretsDirectory" $mailbox) | quote }}
        readOnly: true
      {{- end }}
      {{- with $values.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- end }}
{{- if or $projected $usesKeyVault $values.extraVolumes }}
volumes:
  {{- if $projected }}
  - name: secrets
    projected:
      defaultMode: 0440
      sources:
        {{- $projected | nindent 8 }}
  {{- end }}
  {{- if $usesKeyVault }}
  - name: key-vault
    csi:
      driver: secrets-store.csi.k8s.io
      readOnly: true
      volumeAttributes:
        secretProviderClass: {{ $values.keyVault.secretProviderClass | default $mailbox.name | quote }}
  {{- end }}
  {{- with $values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}
