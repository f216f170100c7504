{{/* The name of the release's objects: at most 40 characters, since those of mailboxes follow. */}}
{{- define "poll-mesh-inbox.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- $slug := include "poll-mesh-inbox.slug" (.Values.fullnameOverride | default $full) -}}
{{- include "poll-mesh-inbox.limited" (dict "name" ($slug | default .Chart.Name) "limit" 40) -}}
{{- end -}}

{{/* A text in the letters that names of Kubernetes have. */}}
{{- define "poll-mesh-inbox.slug" -}}
{{- regexReplaceAll "[^a-z0-9]+" (lower .) "-" | trimAll "-" -}}
{{- end -}}

{{/* A name of at most `limit` characters: a longer one ends in a hash of the whole, so that it stays its own. */}}
{{- define "poll-mesh-inbox.limited" -}}
{{- if gt (len .name) (int .limit) -}}
{{- printf "%s-%s" (trunc (int (sub .limit 9)) .name | trimSuffix "-") (sha256sum .name | trunc 8) -}}
{{- else -}}
{{- .name -}}
{{- end -}}
{{- end -}}

{{/* A text that a label may have as its value. */}}
{{- define "poll-mesh-inbox.labelValue" -}}
{{- regexReplaceAll "[^A-Za-z0-9_.-]" . "_" | trunc 63 | trimAll "-_." -}}
{{- end -}}

{{/* What selects the release's pods. */}}
{{- define "poll-mesh-inbox.selectorLabels" -}}
app.kubernetes.io/name: {{ include "poll-mesh-inbox.labelValue" (.Values.nameOverride | default .Chart.Name) | quote }}
app.kubernetes.io/instance: {{ include "poll-mesh-inbox.labelValue" .Release.Name | quote }}
{{- end -}}

{{/* Labels of an object: those of the chart, of the mailbox if there is one, and those that users add, which give way.
     Takes root, perhaps mailbox, and more (maps of labels, the later ones decide). */}}
{{- define "poll-mesh-inbox.labels" -}}
{{- $labels := dict -}}
{{- range prepend (.more | default list) .root.Values.commonLabels }}
{{- range $key, $value := . }}{{ $_ := set $labels $key (toString $value) }}{{ end }}
{{- end }}
{{- range $key, $value := include "poll-mesh-inbox.selectorLabels" .root | fromYaml }}{{ $_ := set $labels $key $value }}{{ end }}
{{- $_ := set $labels "app.kubernetes.io/managed-by" .root.Release.Service }}
{{- $_ := set $labels "app.kubernetes.io/version" (include "poll-mesh-inbox.labelValue" .root.Chart.AppVersion) }}
{{- $_ := set $labels "helm.sh/chart" (include "poll-mesh-inbox.labelValue" (printf "%s-%s" .root.Chart.Name .root.Chart.Version)) }}
{{- if .mailbox }}
{{- $_ := set $labels "app.kubernetes.io/component" (include "poll-mesh-inbox.limited" (dict "name" .mailbox.slug "limit" 63)) }}
{{- end }}
{{- toYaml $labels -}}
{{- end -}}

{{/* `annotations:` of an object, or nothing. Takes root and more (maps of annotations, the later ones decide). */}}
{{- define "poll-mesh-inbox.annotations" -}}
{{- $annotations := dict -}}
{{- range prepend (.more | default list) .root.Values.commonAnnotations }}
{{- range $key, $value := . }}{{ $_ := set $annotations $key (toString $value) }}{{ end }}
{{- end }}
{{- if $annotations }}
annotations:
  {{- toYaml $annotations | nindent 2 }}
{{- end }}
{{- end -}}
