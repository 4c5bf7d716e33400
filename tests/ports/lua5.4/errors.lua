-- Errors, which are longjmp; coroutines; deep recursion.
print(pcall(error, { code = 7 }), select(2, pcall(error, "message", 0)))
print(select(2, pcall(function() local x; return x.y end)))
print(select(2, pcall(function() return 1 + {} end)))
print(xpcall(function() error("deep") end, function(m) return "handled " .. m end))
local function recurse(n) return n == 0 and 0 or 1 + recurse(n - 1) end
print(recurse(150000), (select(2, pcall(function() local function f() return 1 + f() end return f() end))):match("stack overflow"))
print(select(2, pcall(string.rep, "x", -1)), pcall(string.rep))
print(load("syntax error here"))
print(select(2, pcall(string.format, "%d", 1.5)))
for i = 1, 100000 do pcall(error, i) end
local function generator(n)
  return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end return "done" end)
end
local next_one = generator(3)
print(next_one()) print(next_one()) print(next_one()) print(next_one()) print(pcall(next_one))
local threads, total = {}, 0
for i = 1, 2000 do
  threads[i] = coroutine.create(function(a) local b = coroutine.yield(a * 2); total = total + a + b end)
  coroutine.resume(threads[i], i)
end
for i = 1, 2000 do coroutine.resume(threads[i], i) end
print(total, coroutine.status(threads[1]), coroutine.isyieldable())
local co = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() print("closed") end }) coroutine.yield() end)
coroutine.resume(co)
print(coroutine.close(co), coroutine.status(co))
print(select(2, pcall(function() return ("x"):bad() end)))
print(string.rep("=", 20), debug.traceback("trace", 1):match("^trace\nstack traceback:") ~= nil)
