-- Replays requests that were signed before, in turns, so that wrk measures the server and not a signer. They
-- stand in the file that REPLAY names: of each `POST /`, one header a line, an empty line, the body in one
-- line, an empty line. No JSON parser is at hand here. Answers other than 200 are counted: a server that
-- refuses quickly must not look quick.

local function read_all(path)
  local file = assert(io.open(path, "rb"), "REPLAY names no file")
  local text = file:read("*a")
  file:close()
  return text
end

local requests = {}
local turn = 0

local function prepare(head, body)
  local method, path = head:match("^(%S+) (%S+)")
  local headers = {}
  for name, value in head:gmatch("\n([^:\n]+): ([^\n]*)") do headers[name] = value end
  return wrk.format(method, path, headers, body)
end

local threads = {}
function setup(thread) table.insert(threads, thread) end
function init()
  refused = 0
  for head, body in read_all(os.getenv("REPLAY")):gmatch("(.-)\n\n(.-)\n\n") do
    table.insert(requests, prepare(head, body))
  end
  assert(#requests > 0, "REPLAY holds no request")
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function response(status) if status ~= 200 then refused = refused + 1 end end
function done(summary)
  local refusals = 0
  for _, thread in ipairs(threads) do refusals = refusals + thread:get("refused") end
  local errors = summary.errors
  io.write(string.format("RESULT requests_per_second=%.0f refused=%d broken=%d\n",
                         summary.requests / (summary.duration / 1e6), refusals,
                         errors.connect + errors.read + errors.write + errors.timeout))
end
