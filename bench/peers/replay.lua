-- Replays requests that were signed before, in turns, so that wrk measures the server and not a signer. They
-- stand in the file that REPLAY names: of each its method and path, one header a line, an empty line, the body
-- in one line or none, an empty line. No JSON parser is at hand here. wrk itself counts the refused, answers of
-- 400 and more: a function of ours for each answer would measure Lua.

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
  return wrk.format(method, path, headers, body ~= "" and body or nil)
end

function init()
  for head, body in read_all(os.getenv("REPLAY")):gmatch("(.-)\n\n(.-)\n\n") do
    table.insert(requests, prepare(head, body))
  end
  assert(#requests > 0, "REPLAY holds no request")
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary)
  local errors = summary.errors
  io.write(string.format("RESULT requests=%d requests_per_second=%.0f refused=%d broken=%d\n", summary.requests,
                         summary.requests / (summary.duration / 1e6), errors.status,
                         errors.connect + errors.read + errors.write + errors.timeout))
end
