-- A Blob service that reads what it is sent, keeps names, lengths and checksums, and the content of journals alone.
local ffi = require "ffi"
local state = require "state"

local blob = {}
local containers, blobs, blocks -- names; names to what is known; names to the lengths of uncommitted blocks
local version, request_number = 0, 0
local library, start = state.library, 0xffffffffffffffffULL
local word = ffi.new("uint64_t[1]")
local find, sub, format = string.find, string.sub, string.format

state.on_reset(function() containers, blobs, blocks = {}, {}, {} end)

local function answer(status, text)
    request_number = request_number + 1
    local header = ngx.header
    header["x-ms-request-id"] = format("%08x-001e-0000-0000-000000000000", request_number)
    header["x-ms-version"] = "2025-11-05"
    ngx.status = status
    header.content_length = text and #text or 0
    if text then ngx.print(text) else ngx.send_headers() end
end

local function failure(status, code)
    state.tally(code)
    ngx.header["x-ms-error-code"] = code
    if ngx.req.get_method() == "HEAD" then return answer(status) end
    ngx.header.content_type = "application/xml"
    answer(status, format('<?xml version="1.0" encoding="utf-8"?><Error><Code>%s</Code><Message>%s</Message></Error>',
        code, code))
end

local function stamp(known)
    ngx.header.etag = known.etag
    ngx.header.last_modified = "Mon, 23 Nov 2026 15:00:00 GMT"
end

-- A body that is kept, or is short.
local function whole()
    ngx.req.read_body()
    local text = ngx.req.get_body_data()
    if not text then
        local path = ngx.req.get_body_file()
        if not path then return "" end
        local file = assert(io.open(path, "rb"))
        text = file:read("*a")
        file:close()
    end
    return text
end

-- Reads the body in pieces that stay in the processor's cache. Returns its length and CRC-64.
local function drain()
    local left = tonumber(ngx.var.http_content_length) or 0
    local length, crc = left, start
    if left == 0 then return 0, 0ULL end
    state.count.bytes = (state.count.bytes or 0) + length
    if length <= 65536 then
        local text = whole()
        return length, bit.bnot(library.crc64_update(start, text, #text))
    end
    local socket = assert(ngx.req.socket())
    while left > 0 do
        local piece = assert(socket:receiveany(65536))
        crc = library.crc64_update(crc, piece, #piece)
        left = left - #piece
    end
    return length, bit.bnot(crc)
end

local function is_leased(known) return known and known.lease and known.ends > ngx.now() end

-- Whether a condition or a lease forbids to write. The body is to be read before the answer.
local function refusal(known)
    local header = ngx.var
    if is_leased(known) then
        local id = header.http_x_ms_lease_id
        if not id then return 412, "LeaseIdMissing" end
        if id ~= known.lease then return 412, "LeaseIdMismatchWithBlobOperation" end
    elseif header.http_x_ms_lease_id then
        return 412, "LeaseNotPresentWithBlobOperation"
    end
    local none, match = header.http_if_none_match, header.http_if_match
    if none == "*" and known then return 409, "BlobAlreadyExists" end
    if match and (not known or known.etag ~= match) then return 412, "ConditionNotMet" end
end

local function commit(name, length, content)
    version = version + 1
    local known = blobs[name] or {}
    known.length, known.content, known.etag = length, content, format('"0x%016X"', version)
    known.id = ngx.var.http_x_ms_meta_meshmessageid
    known.sha256 = ngx.var.http_x_ms_meta_sha256
    blobs[name] = known
    blocks[name] = nil
    stamp(known)
    answer(201)
end

local function put_blob(name)
    local known = blobs[name]
    local status, code = refusal(known)
    if find(name, "/.poll-mesh-inbox/", 1, true) then
        state.tally("journal")
        local content = whole()
        if status then return failure(status, code) end
        return commit(name, #content, content)
    end
    local length = drain()
    if status then return failure(status, code) end
    state.tally("put")
    if length == state.size then state.tally("stored") end
    commit(name, length)
end

local function put_block(name)
    local id = ngx.req.get_uri_args().blockid
    local length, crc = drain()
    state.tally("block")
    local known = blocks[name]
    if not known then
        known = {}
        blocks[name] = known
    end
    known[id] = length
    word[0] = crc
    ngx.header["x-ms-content-crc64"] = ngx.encode_base64(ffi.string(word, 8))
    answer(201)
end

local function put_block_list(name)
    local text = whole()
    local status, code = refusal(blobs[name])
    if status then return failure(status, code) end
    local known, length = blocks[name] or {}, 0
    for id in string.gmatch(text, "<%a+>([%w+/=]+)</%a+>") do
        if not known[id] then return failure(400, "InvalidBlockList") end
        length = length + known[id]
    end
    state.tally("list")
    if length == state.size then state.tally("stored") end
    commit(name, length)
end

local function lease(name)
    local known, header = blobs[name], ngx.var
    if not known then return failure(404, "BlobNotFound") end
    state.tally("lease")
    local action, own = header.http_x_ms_lease_action, header.http_x_ms_lease_id
    if action == "acquire" then
        local id = header.http_x_ms_proposed_lease_id
        if is_leased(known) and known.lease ~= id then return failure(409, "LeaseAlreadyPresent") end
        known.lease, known.duration = id, tonumber(header.http_x_ms_lease_duration) or 60
    elseif known.lease ~= own then
        return failure(409, "LeaseIdMismatchWithLeaseOperation")
    end
    stamp(known)
    if action == "release" then
        known.lease = nil
        return answer(200)
    end
    known.ends = ngx.now() + known.duration
    ngx.header["x-ms-lease-id"] = known.lease
    answer(action == "acquire" and 201 or 200)
end

local function read(name, with_content)
    state.tally(with_content and "get" or "head")
    local known = blobs[name]
    if not known then return failure(404, "BlobNotFound") end
    local header = ngx.header
    stamp(known)
    header["x-ms-blob-type"] = "BlockBlob"
    header["x-ms-meta-meshmessageid"] = known.id
    header["x-ms-meta-sha256"] = known.sha256
    header.content_type = "application/octet-stream"
    if with_content then return answer(200, known.content or "") end
    header["x-ms-request-id"] = "00000000-001e-0000-0000-000000000000"
    header["x-ms-version"] = "2025-11-05"
    header.content_length = known.length
    ngx.send_headers()
end

function blob.answer()
    state.tally("requests")
    state.sleep()
    local method, name, query = ngx.req.get_method(), ngx.var.uri, ngx.var.args
    local kind = query and (find(query, "comp=blocklist", 1, true) and "list"
        or find(query, "comp=block", 1, true) and "block"
        or find(query, "comp=lease", 1, true) and "lease" or find(query, "restype=container", 1, true) and "container")
    if method == "PUT" then
        if kind == "block" then return put_block(name) end
        if kind == "list" then return put_block_list(name) end
        if kind == "lease" then return lease(name) end
        if kind ~= "container" then return put_blob(name) end
        state.tally("container")
        if containers[name] then return failure(409, "ContainerAlreadyExists") end
        containers[name] = true
        return answer(201)
    end
    if method == "HEAD" then return read(name, false) end
    if method == "GET" and not kind then return read(name, true) end
    failure(400, "UnsupportedQueryParameter")
end

-- PUT /bench/sink: reads a body and does nothing with it, to see what the machine can take.
function blob.sink()
    drain()
    answer(201)
end

return blob
