{{/* A number below `below` that depends on the seed alone. */}}
{{- define "poll-mesh-inbox.hash" -}}
{{- mod (printf "1%s" (regexReplaceAll "[^0-9]" (sha256sum .seed) "" | trunc 12) | int64) (int64 .below) -}}
{{- end -}}

{{/* A value of a cron field as a number; nothing where it is none of the field. */}}
{{- define "poll-mesh-inbox.cronValue" -}}
{{- if regexMatch "^[0-9]{1,4}$" .text -}}
{{- $number := regexReplaceAll "^0*([0-9]+)$" .text "${1}" | int -}}
{{- if and (ge $number .field.low) (le $number .field.high) -}}{{- $number -}}{{- end -}}
{{- else if hasKey .field.names (lower .text) -}}
{{- get .field.names (lower .text) -}}
{{- end -}}
{{- end -}}

{{/* Reads a schedule. Takes schedule, seed and into, a map that gets `cron`, the schedule without H; `minutes`, those of an
     hour at which it runs; `hours`, the text of the second field; and `problem`, where it is no schedule. */}}
{{- define "poll-mesh-inbox.readSchedule" -}}
{{- $into := .into -}}
{{- $seed := .seed -}}
{{- $_ := set $into "minutes" dict -}}
{{- $_ := set $into "cron" (trim .schedule) -}}
{{- $months := dict "jan" 1 "feb" 2 "mar" 3 "apr" 4 "may" 5 "jun" 6 "jul" 7 "aug" 8 "sep" 9 "oct" 10 "nov" 11 "dec" 12 -}}
{{- $days := dict "sun" 0 "mon" 1 "tue" 2 "wed" 3 "thu" 4 "fri" 5 "sat" 6 -}}
{{- $fields := list
  (dict "name" "minute" "low" 0 "high" 59 "names" dict)
  (dict "name" "hour" "low" 0 "high" 23 "names" dict)
  (dict "name" "day of the month" "low" 1 "high" 31 "names" dict)
  (dict "name" "month" "low" 1 "high" 12 "names" $months)
  (dict "name" "day of the week" "low" 0 "high" 6 "names" $days) -}}
{{- $texts := regexSplit "[ \t]+" (trim .schedule) -1 -}}
{{- if not (regexMatch "^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$" (trim .schedule)) -}}
{{- if ne (len $texts) 5 -}}
{{- $_ := set $into "problem" "has to have five fields: minute, hour, day of the month, month, day of the week" -}}
{{- else -}}
{{- $cron := list -}}
{{- range $index, $field := $fields -}}
{{- $parts := list -}}
{{- range $part := splitList "," (index $texts $index) -}}
{{- $low := "" -}}{{- $high := "" -}}
{{- $step := regexFind "/[0-9]{1,4}$" $part | trimPrefix "/" -}}
{{- $body := regexReplaceAll "/[0-9]{1,4}$" $part "" -}}
{{- $stride := regexReplaceAll "^0*([0-9]+)$" $step "${1}" | default "1" | int -}}
{{- if and (eq $body "H") (lt $index 2) -}}
{{- $span := ternary (int (add $field.high 1)) $stride (eq $step "") -}}
{{- if and (gt $span 0) (le $span (int (add $field.high 1))) -}}
{{- $low = include "poll-mesh-inbox.hash" (dict "seed" (printf "%s %s" $field.name $seed) "below" $span) -}}
{{- $high = ternary $low (toString $field.high) (eq $step "") -}}
{{- $part = ternary $low (printf "%s-%s/%s" $low $high $step) (eq $step "") -}}
{{- end -}}
{{- else if regexMatch "^[*?]$" $body -}}
{{- $low = toString $field.low -}}{{- $high = toString $field.high -}}
{{- else if regexMatch "^[0-9A-Za-z]+(-[0-9A-Za-z]+)?$" $body -}}
{{- $ends := splitList "-" $body -}}
{{- $low = include "poll-mesh-inbox.cronValue" (dict "text" (first $ends) "field" $field) -}}
{{- $high = include "poll-mesh-inbox.cronValue" (dict "text" (last $ends) "field" $field) -}}
{{- if and (eq (len $ends) 1) $step $high }}{{ $high = toString $field.high }}{{ end -}}
{{- end -}}
{{- if or (eq $low "") (eq $high "") (lt $stride 1) -}}
{{- $_ := set $into "problem" (printf "has %q where its %s should be" $part $field.name) -}}
{{- else if gt (int $low) (int $high) -}}
{{- $_ := set $into "problem" (printf "has %q, which begins after its end, where its %s should be" $part $field.name) -}}
{{- else if eq $index 0 -}}
{{- range untilStep (int $low) (int (add (int $high) 1)) $stride }}{{ $_ := set $into.minutes (toString .) true }}{{ end -}}
{{- end -}}
{{- $parts = append $parts $part -}}
{{- end -}}
{{- $cron = append $cron (join "," $parts) -}}
{{- end -}}
{{- $_ := set $into "cron" (join " " $cron) -}}
{{- $_ := set $into "hours" (index $cron 1) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The shortest time between two runs of a schedule that was read, in minutes. */}}
{{- define "poll-mesh-inbox.shortestGap" -}}
{{- $least := 60 -}}
{{- $before := "" -}}
{{- $first := "" -}}
{{- range until 60 -}}
{{- if hasKey $.minutes (toString .) -}}
{{- if ne $before "" }}{{ $least = min $least (sub . (int $before)) }}{{ else }}{{ $first = toString . }}{{ end -}}
{{- $before = toString . -}}
{{- end -}}
{{- end -}}
{{- if and (ne $before "") (not (regexMatch "^[0-9]+$" $.hours)) -}}
{{- $least = min $least (sub (add 60 (int $first)) (int $before)) -}}
{{- end -}}
{{- $least -}}
{{- end -}}
