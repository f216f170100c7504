{{/* Puts the map `over` over the map `base`, in place: maps are merged, null takes a key away, all else replaces. */}}
{{- define "poll-mesh-inbox.overlay" -}}
{{- $base := .base -}}
{{- range $key, $value := .over -}}
{{- if kindIs "invalid" $value -}}
{{- $_ := unset $base $key -}}
{{- else if and (kindIs "map" $value) (kindIs "map" (get $base $key)) -}}
{{- include "poll-mesh-inbox.overlay" (dict "base" (get $base $key) "over" $value) -}}
{{- else -}}
{{- $_ := set $base $key $value -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A value as the text of an environment variable: whole numbers without exponent, and nothing that Kubernetes expands:
     it takes $(NAME) for a variable and $$ for $. */}}
{{- define "poll-mesh-inbox.text" -}}
{{- if kindIs "float64" . -}}
{{- int64 . -}}
{{- else -}}
{{- toString . | replace "$" "$$" -}}
{{- end -}}
{{- end -}}

{{/* A length of time in whole seconds, rounded up; nothing where it is none. */}}
{{- define "poll-mesh-inbox.seconds" -}}
{{- $text := toString . | lower -}}
{{- if regexMatch "^[0-9]{1,12}(ms|s|m|h)$" $text -}}
{{- $unit := regexFind "[a-z]+$" $text -}}
{{- $number := regexReplaceAll "^0*([0-9]+)[a-z]+$" $text "${1}" | int64 -}}
{{- if eq $unit "ms" -}}{{- div (add $number 999) 1000 -}}{{- else -}}{{- mul $number (get (dict "s" 1 "m" 60 "h" 3600) $unit) -}}{{- end -}}
{{- end -}}
{{- end -}}
