-- A digit for wrk: 784 bytes, a ring. wrk -t2 -c16 -d20s --latency -s samples/06-Serve/load.lua http://127.0.0.1:5080/predict
local rows = {}
for y = 0, 27 do
  for x = 0, 27 do
    local r = math.sqrt((x - 13.5) ^ 2 / 0.5 + (y - 13.5) ^ 2)
    rows[#rows + 1] = string.char(r > 6.5 and r < 9.5 and 255 or 0)
  end
end
wrk.method = "POST"
wrk.body = table.concat(rows)
wrk.headers["Content-Type"] = "application/octet-stream"
done = function(summary)
  local e = summary.errors
  io.write(string.format("requests %d, other than 2xx %d, failed %d\n", summary.requests, e.status, e.connect + e.read + e.write + e.timeout))
end
