-- What a run has been set up with, and what has been asked of this server since.
local ffi = require "ffi"
ffi.cdef [[
uint64_t crc64_update(uint64_t crc, const uint8_t *bytes, size_t count);
void fill(uint8_t *bytes, size_t count, uint64_t seed);
]]

local state = { library = ffi.load(bench_library), count = {} }
local resets, files = {}, {}

-- Calls a function with the settings at each reset.
function state.on_reset(call) resets[#resets + 1] = call end

function state.tally(what) state.count[what] = (state.count[what] or 0) + 1 end

function state.sleep() if state.delay > 0 then ngx.sleep(state.delay) end end

-- Writes a file of so many bytes that don't compress, unless it is there. One length has always one content, so that a
-- file which nginx still keeps open after it was removed is as good as the new one.
function state.make_file(length)
    if files[length] then return end
    files[length] = true
    local file = assert(io.open(bench_folder .. "/content/" .. length, "wb"))
    local size = 1048576
    local buffer = ffi.new("uint8_t[?]", size)
    for offset = 0, length - 1, size do
        local part = math.min(size, length - offset)
        state.library.fill(buffer, part, offset / size + 1)
        file:write(ffi.string(buffer, part))
    end
    file:close()
end

-- Removes the files of other lengths: the folder may be in a small memory.
function state.remove_files_but(...)
    local kept = {}
    for _, length in ipairs { ... } do kept[length] = true end
    for length in pairs(files) do
        if not kept[length] then
            os.remove(bench_folder .. "/content/" .. length)
            files[length] = nil
        end
    end
end

local function prepare(arguments)
    local number = function(name, default) return tonumber(arguments[name]) or default end
    state.messages = number("messages", 0)
    state.size = number("size", 1024)
    state.chunks = number("chunks", 1)
    state.delay = number("delay", 0) / 1000
    -- All chunks but the last have one length.
    state.chunk_size = math.ceil(state.size / state.chunks)
    state.last_size = state.size - state.chunk_size * (state.chunks - 1)
    state.count = {}
    for _, call in ipairs(resets) do call() end
    collectgarbage()
end

-- POST /bench/reset?messages=N&size=BYTES&chunks=C&delay=MILLISECONDS
function state.reset()
    prepare(ngx.req.get_uri_args())
    ngx.say "ready"
end

-- GET /bench/counts: how often each thing was asked for, as JSON.
function state.counts()
    local parts, keys = {}, {}
    for key in pairs(state.count) do keys[#keys + 1] = key end
    table.sort(keys)
    for _, key in ipairs(keys) do parts[#parts + 1] = string.format('"%s":%.0f', key, state.count[key]) end
    ngx.header.content_type = "application/json"
    ngx.say("{", table.concat(parts, ","), "}")
end

function state.start() prepare {} end

return state
