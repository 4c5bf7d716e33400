-- The collector: much garbage, weak tables, finalizers, both modes, memory is given back.
local function churn(n)
  local keep = {}
  for i = 1, n do
    keep[i % 1000 + 1] = { tostring(i), { i, i * 2, i * 3 }, function() return i end, ("s"):rep(i % 50) }
  end
  return #keep
end
for _, mode in ipairs { "incremental", "generational" } do
  print(collectgarbage(mode) ~= nil, churn(300000))
end
collectgarbage("incremental")
local finalized = 0
for _ = 1, 1000 do setmetatable({}, { __gc = function() finalized = finalized + 1 end }) end
collectgarbage()
collectgarbage()
print(finalized)
local weak = setmetatable({}, { __mode = "v" })
weak[1], weak[2] = {}, "string"
collectgarbage()
print(weak[1], weak[2])
local before = collectgarbage("count")
local large = {}
for i = 1, 1000000 do large[i] = i end
local with = collectgarbage("count")
large = nil
collectgarbage()
print(with > before + 8000, collectgarbage("count") < before + 1000)
local s = ("x"):rep(50 * 1024 * 1024)
print(#s, #(s .. s))
