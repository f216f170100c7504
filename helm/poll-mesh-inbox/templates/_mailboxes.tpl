{{/* Works out every mailbox, once for all templates. Takes root and into, a map that gets by the mailbox's name: name (of its
     CronJob), slug, id, values (the defaults under what the mailbox says), cron, grace, sources (settings that come from
     files) and account (its service account). All that is wrong is reported together. */}}
{{- define "poll-mesh-inbox.resolve" -}}
{{- if not (hasKey .root.Values "resolved mailboxes") -}}
{{- $resolved := dict -}}
{{- include "poll-mesh-inbox.resolveAll" (dict "root" .root "into" $resolved) -}}
{{- $_ := set .root.Values "resolved mailboxes" $resolved -}}
{{- end -}}
{{- $into := .into -}}
{{- range $key, $mailbox := get .root.Values "resolved mailboxes" }}{{ $_ := set $into $key $mailbox }}{{ end -}}
{{- end -}}

{{- define "poll-mesh-inbox.resolveAll" -}}
{{- $root := .root -}}
{{- $into := .into -}}
{{- $problems := dict "list" list -}}
{{- $names := dict -}}
{{- $inboxes := dict -}}
{{- $accounts := dict -}}
{{- if not $root.Values.mailboxes -}}
{{- $_ := set $problems "list" (list "mailboxes is empty: name at least one, such as --set mailboxes.X26ABC1.existingSecret=mesh-x26abc1.") -}}
{{- end -}}
{{- range $key, $over := $root.Values.mailboxes -}}
{{- $values := dict -}}
{{- include "poll-mesh-inbox.overlay" (dict "base" $values "over" (deepCopy ($root.Values.defaults | default dict))) -}}
{{- $_ := set $values "image" (deepCopy ($root.Values.image | default dict)) -}}
{{- include "poll-mesh-inbox.overlay" (dict "base" $values "over" ($over | default dict)) -}}
{{- range list "image" "settings" "keyVault" "externalSecret" "workloadIdentity" "serviceAccount" "alerts" -}}
{{- if not (get $values .) }}{{ $_ := set $values . dict }}{{ end -}}
{{- end -}}
{{- $mailbox := dict "key" $key "values" $values "own" ($over | default dict) -}}
{{- $slug := include "poll-mesh-inbox.slug" $key -}}
{{- $_ := set $mailbox "slug" $slug -}}
{{- $_ := set $mailbox "id" (toString ($values.mailboxId | default $key)) -}}
{{- $_ := set $mailbox "name" (include "poll-mesh-inbox.limited" (dict "name" (printf "%s-%s" (include "poll-mesh-inbox.fullname" $root) $slug) "limit" 52)) -}}
{{- $found := dict "list" list -}}
{{- include "poll-mesh-inbox.resolveIdentity" (dict "root" $root "mailbox" $mailbox "found" $found) -}}
{{- include "poll-mesh-inbox.resolveSources" (dict "mailbox" $mailbox "found" $found) -}}
{{- include "poll-mesh-inbox.checkMailbox" (dict "mailbox" $mailbox "found" $found) -}}
{{- include "poll-mesh-inbox.checkTimes" (dict "mailbox" $mailbox "found" $found) -}}
{{- include "poll-mesh-inbox.checkStorage" (dict "mailbox" $mailbox "found" $found) -}}
{{- if hasKey $names $mailbox.name -}}
{{- $_ := set $found "list" (append $found.list (printf "its objects would have the same names as those of mailboxes.%s; give one of them another name" (get $names $mailbox.name))) -}}
{{- end -}}
{{- $_ := set $names $mailbox.name $key -}}
{{- $inbox := printf "%s %s" (upper $mailbox.id) (toString (get $values.settings "MESH_WORKFLOW_FILTER")) -}}
{{- if hasKey $inboxes $inbox -}}
{{- $_ := set $found "list" (append $found.list (printf "it reads the inbox of %s, as mailboxes.%s does; set mailboxId, or another MESH_WORKFLOW_FILTER" $mailbox.id (get $inboxes $inbox))) -}}
{{- end -}}
{{- $_ := set $inboxes $inbox $key -}}
{{- if $mailbox.account.create -}}
{{- $before := get $accounts $mailbox.account.name -}}
{{- if and $before (ne (toJson $before.account) (toJson $mailbox.account)) -}}
{{- $_ := set $found "list" (append $found.list (printf "its service account %s is also that of mailboxes.%s, with other labels or annotations; give them different names" $mailbox.account.name $before.key)) -}}
{{- end -}}
{{- $_ := set $accounts $mailbox.account.name $mailbox -}}
{{- end -}}
{{- range $found.list -}}
{{- $_ := set $problems "list" (append $problems.list (printf "mailboxes.%s: %s." $key .)) -}}
{{- end -}}
{{- $_ := set $into $key $mailbox -}}
{{- end -}}
{{- if $problems.list -}}
{{- fail (printf "\n\n%s\n" (join "\n" $problems.list)) -}}
{{- end -}}
{{- end -}}

{{/* Sets `account` of a mailbox: its service account. */}}
{{- define "poll-mesh-inbox.resolveIdentity" -}}
{{- $values := .mailbox.values -}}
{{- $account := $values.serviceAccount -}}
{{- $identity := $values.workloadIdentity -}}
{{- $annotations := dict -}}
{{- range $key, $value := $account.annotations }}{{ $_ := set $annotations $key (toString $value) }}{{ end -}}
{{- if $identity.clientId -}}
{{- $_ := set $annotations "azure.workload.identity/client-id" $identity.clientId -}}
{{- end -}}
{{- if $identity.tenantId -}}
{{- $_ := set $annotations "azure.workload.identity/tenant-id" $identity.tenantId -}}
{{- end -}}
{{- $own := or (hasKey .mailbox.own "serviceAccount") (hasKey .mailbox.own "workloadIdentity") -}}
{{- $name := ternary .mailbox.name (include "poll-mesh-inbox.fullname" .root) $own -}}
{{- if not $account.create }}{{ $name = "default" }}{{ end -}}
{{- $_ := set .mailbox "account" (dict "create" $account.create "name" ($account.name | default $name) "annotations" $annotations "labels" ($account.labels | default dict)) -}}
{{- end -}}

{{/* Sets `sources` of a mailbox: by the setting's name, where its file comes from. What is a plain setting has no file. */}}
{{- define "poll-mesh-inbox.resolveSources" -}}
{{- $values := .mailbox.values -}}
{{- $found := .found -}}
{{- $sources := dict -}}
{{- range $setting, $place := $values.secretKeys -}}
{{- $parts := splitList "/" (toString $place) -}}
{{- if and $place (eq (len $parts) 2) -}}
{{- $_ := set $sources $setting (dict "kind" "secret" "name" (first $parts) "key" (last $parts)) -}}
{{- else if and $place $values.existingSecret -}}
{{- $_ := set $sources $setting (dict "kind" "secret" "name" $values.existingSecret "key" (toString $place)) -}}
{{- end -}}
{{- end -}}
{{- range $setting, $place := $values.configMapKeys -}}
{{- if $place -}}
{{- $parts := splitList "/" (toString $place) -}}
{{- $_ := set $sources $setting (dict "kind" "configMap" "name" (first $parts) "key" (last $parts)) -}}
{{- end -}}
{{- end -}}
{{- range $setting, $remote := $values.externalSecret.data -}}
{{- if $remote -}}
{{- $_ := set $sources $setting (dict "kind" "secret" "name" $.mailbox.name "key" $setting) -}}
{{- end -}}
{{- end -}}
{{- range $setting, $object := $values.keyVault.objects -}}
{{- if $object -}}
{{- if get ($values.externalSecret.data | default dict) $setting -}}
{{- $_ := set $found "list" (append $found.list (printf "%s comes from keyVault.objects and externalSecret.data; keep one of them" $setting)) -}}
{{- end -}}
{{- $_ := set $sources $setting (dict "kind" "keyVault") -}}
{{- end -}}
{{- end -}}
{{- range $setting, $value := $values.settings -}}
{{- if ne (toString ($value | default "")) "" }}{{ $_ := unset $sources $setting }}{{ end -}}
{{- end -}}
{{- $_ := set .mailbox "sources" $sources -}}
{{- /* Whether settings may come from where the chart does not see them. */ -}}
{{- $_ := set .mailbox "unseen" (or (not (empty $values.extraEnvFrom)) (ne (toString (get $values.settings "SECRETS_DIRECTORY" | default "")) "")) -}}
{{- end -}}

{{/* The settings that are secrets whatever they hold. */}}
{{- define "poll-mesh-inbox.secretSettings" -}}
MESH_PASSWORD MESH_SHARED_KEY MESH_CLIENT_KEY MESH_CLIENT_KEY_PASSWORD AZURE_STORAGE_CONNECTION_STRING AZURE_STORAGE_SAS_TOKEN AZURE_CLIENT_SECRET IDENTITY_HEADER OTEL_EXPORTER_OTLP_HEADERS
{{- end -}}

{{/* Checks what is no schedule and no storage. Adds to the list of found. */}}
{{- define "poll-mesh-inbox.checkMailbox" -}}
{{- $mailbox := .mailbox -}}
{{- $values := $mailbox.values -}}
{{- $settings := $values.settings -}}
{{- $sources := $mailbox.sources -}}
{{- $found := .found -}}
{{- if not (regexMatch "^[A-Za-z0-9_-]{1,64}$" $mailbox.id) -}}
{{- $_ := set $found "list" (append $found.list (printf "the mailbox id %q is none: it has letters, digits, _ and -, at most 64 of them; set mailboxId" $mailbox.id)) -}}
{{- end -}}
{{- if not $mailbox.slug -}}
{{- $_ := set $found "list" (append $found.list "its name has no letter and no digit, so that its objects can't be named after it") -}}
{{- end -}}
{{- if not $values.image.repository -}}
{{- $_ := set $found "list" (append $found.list "image.repository is not set; push the image to your registry and name it, such as registry.example.com/poll-mesh-inbox") -}}
{{- end -}}
{{- $url := toString ($settings.MESH_BASE_URL | default "") -}}
{{- if not (regexMatch "^(?i)https?://[^/?#@[:space:]]+(/[^?#@[:space:]]*)?$" $url) -}}
{{- $_ := set $found "list" (append $found.list (printf "settings.MESH_BASE_URL is %q; it has to be the URL of MESH without user, query and fragment, such as https://mesh-sync.spineservices.nhs.uk, or https://msg.intspineservices.nhs.uk for integration" $url)) -}}
{{- end -}}
{{- $live := regexMatch "^https?://[^/]*[.]nhs[.]uk(:[0-9]+)?(/|$)" (lower $url) -}}
{{- $_ := set $mailbox "live" $live -}}
{{- if and $live (not $settings.BSO_CODE_SOURCE) -}}
{{- $_ := set $found "list" (append $found.list "settings.BSO_CODE_SOURCE is not set; message ids of MESH start with a date, so that blob names need file-name, local-id, sender or workflow-id (message-id, if that is really meant)") -}}
{{- end -}}
{{- $variables := list -}}
{{- range $values.extraEnv }}{{ $variables = append $variables .name }}{{ end -}}
{{- range $setting := include "poll-mesh-inbox.secretSettings" . | splitList " " -}}
{{- if has $setting $variables -}}
{{- $_ := set $found "list" (append $found.list (printf "extraEnv has %s, a secret; let it come from secretKeys, or name its file in %s_FILE" $setting $setting)) -}}
{{- end -}}
{{- end -}}
{{- if and (ne (toString $settings.MESH_AUTHENTICATION) "none") (not $mailbox.unseen) -}}
{{- range $setting := list "MESH_PASSWORD" "MESH_SHARED_KEY" -}}
{{- if not (or (hasKey $sources $setting) (has (printf "%s_FILE" $setting) $variables)) -}}
{{- $_ := set $found "list" (append $found.list (printf "%s comes from nowhere; set existingSecret, secretKeys, keyVault or externalSecret (or settings.MESH_AUTHENTICATION to none for a sandbox without authentication)" $setting)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if contains "@" (toString ($settings.HTTPS_PROXY | default "")) -}}
{{- $_ := set $found "list" (append $found.list "settings.HTTPS_PROXY has a user and a password; put it into a Secret, and its key into secretKeys.HTTPS_PROXY") -}}
{{- end -}}
{{- range $setting, $source := $sources -}}
{{- if has $source.kind (list "secret" "configMap") -}}
{{- $name := dict "secret" "Secret" "configMap" "ConfigMap" -}}
{{- if not (and (regexMatch "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$" $source.name) (regexMatch "^[-._a-zA-Z0-9]{1,253}$" $source.key)) -}}
{{- $_ := set $found "list" (append $found.list (printf "%s should come from the key %q of the %s %q, which can't be their names; write key or name/key" $setting $source.key (get $name $source.kind) $source.name)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $vault := $values.keyVault -}}
{{- if and $vault.objects (not $vault.secretProviderClass) -}}
{{- $identity := $values.workloadIdentity -}}
{{- $needed := dict "keyVault.name" $vault.name "keyVault.tenantId" ($vault.tenantId | default $identity.tenantId) "workloadIdentity.clientId" ($vault.clientId | default $identity.clientId) -}}
{{- range $key, $value := $needed -}}
{{- if not $value -}}
{{- $_ := set $found "list" (append $found.list (printf "%s is not set, but keyVault.objects is; set it, or keyVault.secretProviderClass" $key)) -}}
{{- end -}}
{{- end -}}
{{- range $setting, $object := $vault.objects -}}
{{- if and $object (not (regexMatch "^((secret|cert|key)/)?[0-9A-Za-z-]{1,127}$|^(secret|cert|key)/[0-9A-Za-z-]{1,127}/[0-9A-Za-z]{1,64}$" (toString $object))) -}}
{{- $_ := set $found "list" (append $found.list (printf "keyVault.objects.%s is %q; write object, type/object or type/object/version" $setting (toString $object))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $external := $values.externalSecret -}}
{{- if and $external.data (not ($external.store | default dict).name) -}}
{{- $_ := set $found "list" (append $found.list "externalSecret.store.name is not set, but externalSecret.data is") -}}
{{- end -}}
{{- end -}}

{{/* Checks schedule and times; sets `cron`, and `grace` in seconds. Adds to the list of found. */}}
{{- define "poll-mesh-inbox.checkTimes" -}}
{{- $mailbox := .mailbox -}}
{{- $values := $mailbox.values -}}
{{- $settings := $values.settings -}}
{{- $found := .found -}}
{{- $schedule := dict -}}
{{- include "poll-mesh-inbox.readSchedule" (dict "schedule" (toString ($values.schedule | default "")) "seed" (upper $mailbox.id) "into" $schedule) -}}
{{- $_ := set $mailbox "cron" $schedule.cron -}}
{{- if $schedule.problem -}}
{{- $_ := set $found "list" (append $found.list (printf "schedule %q %s" (toString ($values.schedule | default "")) $schedule.problem)) -}}
{{- else if and $mailbox.live $schedule.minutes (lt (include "poll-mesh-inbox.shortestGap" $schedule | int) 5) -}}
{{- $_ := set $found "list" (append $found.list (printf "schedule %q runs more often than every 5 minutes, which MESH does not allow; H/5 * * * * is the most" (toString $values.schedule))) -}}
{{- end -}}
{{- $times := dict -}}
{{- range $setting := list "GRACE_PERIOD" "RUN_DEADLINE" -}}
{{- $text := toString (get $settings $setting | default (get (dict "GRACE_PERIOD" "20s" "RUN_DEADLINE" "0s") $setting)) -}}
{{- $seconds := include "poll-mesh-inbox.seconds" $text -}}
{{- if eq $seconds "" -}}
{{- $_ := set $found "list" (append $found.list (printf "settings.%s is %q; write a time like 30s, 5m or 2h" $setting $text)) -}}
{{- end -}}
{{- $_ := set $times $setting ($seconds | default "0" | int64) -}}
{{- end -}}
{{- $grace := int64 $times.GRACE_PERIOD -}}
{{- $_ := set $mailbox "grace" (add $grace 10) -}}
{{- if not (kindIs "invalid" $values.terminationGracePeriodSeconds) -}}
{{- $_ := set $mailbox "grace" (int64 $values.terminationGracePeriodSeconds) -}}
{{- if and (le $mailbox.grace $grace) (gt $grace 0) -}}
{{- $_ := set $found "list" (append $found.list (printf "terminationGracePeriodSeconds is %d, not above settings.GRACE_PERIOD (%d s), so that runs would be killed before they end" $mailbox.grace $grace)) -}}
{{- end -}}
{{- end -}}
{{- if and (not (kindIs "invalid" $values.activeDeadlineSeconds)) (ge (int64 $times.RUN_DEADLINE) (int64 $values.activeDeadlineSeconds)) (gt (int64 $times.RUN_DEADLINE) 0) -}}
{{- $_ := set $found "list" (append $found.list (printf "settings.RUN_DEADLINE is %s, not below activeDeadlineSeconds (%d), so that a long run would be stopped before it ends by itself" (toString $settings.RUN_DEADLINE) (int64 $values.activeDeadlineSeconds))) -}}
{{- end -}}
{{- end -}}

{{/* Checks that there is one place to store messages. Adds to the list of found. */}}
{{- define "poll-mesh-inbox.checkStorage" -}}
{{- $mailbox := .mailbox -}}
{{- $values := $mailbox.values -}}
{{- $found := .found -}}
{{- $places := list -}}
{{- range $setting := list "AZURE_STORAGE_ACCOUNT_URL" "AZURE_STORAGE_CONNECTION_STRING" "STORAGE_DIRECTORY" -}}
{{- $named := or (get $values.settings $setting) (hasKey $mailbox.sources $setting) -}}
{{- range $values.extraEnv -}}
{{- if has .name (list $setting (printf "%s_FILE" $setting)) }}{{ $named = true }}{{ end -}}
{{- end -}}
{{- if $named }}{{ $places = append $places $setting }}{{ end -}}
{{- end -}}
{{- if and (not $places) (not $mailbox.unseen) -}}
{{- $_ := set $found "list" (append $found.list "there is nowhere to store messages; set settings.AZURE_STORAGE_ACCOUNT_URL, settings.STORAGE_DIRECTORY, or a source for AZURE_STORAGE_CONNECTION_STRING, such as secretKeys.AZURE_STORAGE_CONNECTION_STRING beside existingSecret") -}}
{{- else if gt (len $places) 1 -}}
{{- $_ := set $found "list" (append $found.list (printf "%s are set, but messages go to one place; keep one of them" (join " and " $places))) -}}
{{- end -}}
{{- end -}}
