-- Reads and writes files in every way of the io library.
print(#arg, arg[1])
local out = assert(io.open("table.txt", "w"))
for i = 1, 1000 do
  out:write(string.format("%d\t%.3f\t%s\n", i, i / 7, ("x"):rep(i % 10)))
end
print(out:seek("cur"), out:seek("set", 10), out:seek("end"))
out:close()

local count, sum = 0, 0
for line in io.lines("table.txt") do
  local n, f = line:match("^(%d+)\t([%d.]+)")
  count, sum = count + 1, sum + tonumber(f)
end
print(count, string.format("%.3f", sum))

local input = assert(io.open("table.txt", "rb"))
print(input:read("n", "n", "l"))
print(input:read(0), #input:read(100), input:read("L"))
local rest = input:read("a")
print(#rest, input:read("l"), input:read("a"))
input:close()

local copy = assert(io.open("copy.txt", "w+b"))
copy:setvbuf("full", 1024)
copy:write(rest):flush()
copy:seek("set")
print(copy:read("a") == rest, io.type(copy))
copy:seek("set", 5)
copy:write("OVER")
copy:close()
print(io.type(copy), pcall(copy.read, copy))

local append = assert(io.open("copy.txt", "a"))
append:write("the end\n")
append:close()
for a, b in io.lines("copy.txt", 4, "l") do
  print(a, b)
  break
end
print(io.open("missing/file"))
print(select(2, io.open("missing/file")), select(3, io.open("missing/file")))
print(os.rename("copy.txt", "moved.txt"), io.open("copy.txt") == nil)
print(os.rename("moved.txt", "copy.txt"))
print(os.remove("missing"))
local temporary = io.tmpfile()
temporary:write("temporary ", 1, " ", 2.5)
temporary:seek("set")
print(temporary:read("a"))
temporary:close()
io.output():write("default output\n")
io.stderr:write("to stderr\n")
