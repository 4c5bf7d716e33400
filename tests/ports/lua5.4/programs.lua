-- Small classical programs.
local function queens(n)
  local count, columns, up, down = 0, {}, {}, {}
  local function place(row)
    if row > n then count = count + 1 return end
    for c = 1, n do
      if not columns[c] and not up[row + c] and not down[row - c] then
        columns[c], up[row + c], down[row - c] = true, true, true
        place(row + 1)
        columns[c], up[row + c], down[row - c] = nil, nil, nil
      end
    end
  end
  place(1)
  return count
end
print("queens", queens(8))

local sieve, primes = {}, 0
for i = 2, 200000 do
  if not sieve[i] then
    primes = primes + 1
    for k = i * i, 200000, i do sieve[k] = true end
  end
end
print("primes", primes)

local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
print("fib", fib(24))

local function spigot(count)
  local len = count * 10 // 3
  local a, nines, predigit, text = {}, 0, 0, {}
  for i = 1, len do a[i] = 2 end
  for _ = 1, count do
    local carry = 0
    for i = len, 1, -1 do
      local x = 10 * a[i] + carry * i
      a[i], carry = x % (2 * i - 1), x // (2 * i - 1)
    end
    a[1], carry = carry % 10, carry // 10
    if carry == 9 then nines = nines + 1
    elseif carry == 10 then
      text[#text + 1] = predigit + 1 .. ("0"):rep(nines)
      predigit, nines = 0, 0
    else
      text[#text + 1] = predigit .. ("9"):rep(nines)
      predigit, nines = carry, 0
    end
  end
  return table.concat(text)
end
print("pi", spigot(200))

local Stack = {}
Stack.__index = Stack
function Stack.new() return setmetatable({ n = 0 }, Stack) end
function Stack:push(v) self.n = self.n + 1 self[self.n] = v return self end
function Stack:pop() local v = self[self.n] self[self.n] = nil self.n = self.n - 1 return v end
local s = Stack.new():push(1):push("two"):push(3.0)
print("stack", s:pop(), s:pop(), s:pop(), s.n)

local order = {}
for i = 1, 10000 do order[i] = (i * 7919) % 10007 end
table.sort(order)
local ok = true
for i = 2, #order do ok = ok and order[i - 1] <= order[i] end
print("sorted", ok, order[1], order[#order])
goto finish
print("never")
::finish::
