-- A MESH inbox of N messages, all of one content. It does not check tokens, but wants one.
local ffi = require "ffi"
local state = require "state"

local mesh = {}
local waiting, left, first -- by number: 1 while not acknowledged; how many; the first that may be
local body
local media_type = "application/vnd.mesh.v2+json"
local find, match, sub, format = string.find, string.match, string.sub, string.format

-- Ids look as those of the live MESH: a date and time, here with the message's number, and some digits.
local function id(number) return format("20261123%012d_%06X", number, number * 2654435761 % 0x1000000) end

local function number(text)
    local value = tonumber(match(text, "^20261123(%d+)_"))
    if value and value < state.messages and id(value) == text then return value end
end

state.on_reset(function()
    waiting = ffi.new("uint8_t[?]", state.messages + 1)
    ffi.fill(waiting, state.messages, 1)
    left, first = state.messages, 0
    body = nil
    state.remove_files_but(state.chunk_size, state.last_size)
    state.make_file(state.chunk_size)
    state.make_file(state.last_size)
    if state.chunks == 1 and state.size <= 65536 then
        local file = assert(io.open(bench_folder .. "/content/" .. state.size, "rb"))
        body = file:read("*a")
        file:close()
    end
end)

local function json(status, text)
    ngx.status = status
    ngx.header.content_type = media_type
    ngx.header.content_length = #text
    ngx.print(text)
end

local function failure(status, code, message)
    state.tally("failure")
    json(status, format('{"detail":[{"event":"","code":"%s","msg":"%s"}]}', code, message))
end

local function list()
    state.tally("list")
    local arguments = ngx.req.get_uri_args()
    local limit = tonumber(arguments.max_results) or 500
    if limit < 10 or limit > 5000 then return failure(400, "", "max_results is not within 10 and 5000") end
    while first < state.messages and waiting[first] == 0 do first = first + 1 end
    local place, ids, count = math.max(tonumber(arguments.continue_from) or 0, first), {}, 0
    while place < state.messages and count < limit do
        if waiting[place] == 1 then
            count = count + 1
            ids[count] = id(place)
        end
        place = place + 1
    end
    while place < state.messages and waiting[place] == 0 do place = place + 1 end
    local own = ngx.var.uri .. "?max_results=" .. limit
    local following = place < state.messages and format(',"next":"%s&continue_from=%d"', own, place) or ""
    local text = count == 0 and "" or '"' .. table.concat(ids, '","') .. '"'
    json(200, format('{"messages":[%s],"links":{"self":"%s"%s},"approx_inbox_count":%d}', text, own, following, left))
end

local function download(text, chunk)
    state.tally("download")
    local place = number(text)
    if not place or chunk < 1 or chunk > state.chunks then return failure(404, "20", "Message does not exist") end
    if waiting[place] == 0 then return failure(410, "Message already accepted", "Message no longer available") end
    local variables = ngx.var
    variables.mesh_id = text
    variables.mesh_range = chunk .. ":" .. state.chunks
    if body then
        ngx.header.content_type = "application/octet-stream"
        ngx.header.content_length = #body
        return ngx.print(body)
    end
    local isLast = chunk == state.chunks
    if not isLast then variables.mesh_more = "1" end
    ngx.exec("/content/" .. (isLast and state.last_size or state.chunk_size))
end

local function acknowledge(text)
    state.tally("acknowledge")
    local place = number(text)
    if not place then return failure(404, "20", "Message does not exist") end
    if waiting[place] == 1 then
        waiting[place] = 0
        left = left - 1
        state.tally("acknowledged")
    end
    ngx.header.content_length = 0
    ngx.send_headers()
end

function mesh.answer()
    state.tally("requests")
    state.sleep()
    local method, uri = ngx.req.get_method(), ngx.var.uri
    if not ngx.var.http_authorization then return failure(403, "EPL-151", "no token") end
    local from, to = find(uri, "/inbox", 18, true)
    if not from then
        if method == "POST" and ngx.var.http_mex_clientversion then
            state.tally("handshake")
            return json(200, '{"mailbox_id":"X26ABC1"}')
        end
        return failure(404, "", "Not Found")
    end
    if to == #uri then return list() end
    local slash = find(uri, "/", to + 2, true)
    if method == "GET" then
        if not slash then return download(sub(uri, to + 2), 1) end
        return download(sub(uri, to + 2, slash - 1), tonumber(sub(uri, slash + 1)) or 0)
    end
    if method == "PUT" and slash and sub(uri, slash) == "/status/acknowledged" then
        return acknowledge(sub(uri, to + 2, slash - 1))
    end
    failure(405, "", "Not Found")
end

return mesh
