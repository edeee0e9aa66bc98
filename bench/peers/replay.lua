-- Replays one request that was signed before, so that wrk measures the server and not a signer. The request
-- is the file that REPLAY names: `POST /`, one header a line, an empty line, and the body. Answers other than 200
-- are counted: a server that refuses quickly must not look quick.

local function read_all(path)
  local file = assert(io.open(path, "rb"), "REPLAY names no file")
  local text = file:read("*a")
  file:close()
  return text
end

-- The file has one header a line, an empty line, and the body: no JSON parser is at hand here.
local text = read_all(os.getenv("REPLAY"))
local head, body = text:match("^(.-)\n\n(.*)$")
local first = true
for line in (head .. "\n"):gmatch("(.-)\n") do
  if first then
    wrk.method, wrk.path = line:match("^(%S+) (%S+)$")
    first = false
  else
    local name, value = line:match("^([^:]+): (.*)$")
    wrk.headers[name] = value
  end
end
wrk.body = body

local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() refused = 0 end
function response(status) if status ~= 200 then refused = refused + 1 end end
function done(summary)
  local refusals = 0
  for _, thread in ipairs(threads) do refusals = refusals + thread:get("refused") end
  local errors = summary.errors
  io.write(string.format("RESULT requests_per_second=%.0f refused=%d broken=%d\n",
                         summary.requests / (summary.duration / 1e6), refusals,
                         errors.connect + errors.read + errors.write + errors.timeout))
end
