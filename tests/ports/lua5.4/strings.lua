-- The string and utf8 libraries: patterns, format, pack.
print(("hello world"):find("o w"), ("hello"):find("l+"), ("a.b"):find(".", 1, true))
print(("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
print(("one two three"):gsub("%w+", function(w) return w:upper():reverse() end))
print(("abc"):gsub("", "-"), ("hello"):gsub("l", { l = "L" }), ("x^2"):gsub("%^", "**"))
for k, v in ("a=1, b=2, c=3"):gmatch("(%w+)=(%w+)") do io.write(k, v, ";") end
print(("%bxy"):len(), ("f(a(b)c)d"):match("%b()"), ("THE (quick) fox"):find("%((%a+)%)"))
print(string.format("[%5d] [%-5d] [%05d] [%+d] [%x] [%X] [%o] [%c]", 42, 42, 42, 42, 255, 255, 8, 65))
print(string.format("[%10.3f] [%-10.2e] [%g] [%g] [%a]", math.pi, math.pi, 1e20, 0.1, 1.5))
print(string.format("[%s] [%10s] [%-10s] [%.2s] [%q] [%i]", "s", "right", "left", "cut", 'quo"te\n\0', 7))
print(string.format("%q %q %q", 1 / 3, math.mininteger, 0x7fffffffffffffff))
print(1e15, 1e16, 2 ^ 53, 1e100, -0.0, 1 / 0, -1 / 0, 3 // 2, 3.0 // 2, 7 % -3, -7 % 3, 7.5 % 2)
print(tostring(3), tostring(3.0), 10 / 2, 1e3, 123456789012, 0x10p4)
print(tonumber("0x1p4"), tonumber("  12  "), tonumber("1e1"), tonumber("z", 36), tonumber("8", 8), tonumber("abc"))
local packed = string.pack("<i4 >i8 z s1 d", -2, 77, "zero", "counted", 1.5)
print(#packed, string.unpack("<i4 >i8 z s1 d", packed))
print(packed:byte(1, -1))
print(utf8.char(72, 228, 8364, 128512), utf8.len("häß€"), utf8.codepoint("€", 1), utf8.offset("a€b", 3))
for p, c in utf8.codes("a€") do io.write(p, ":", c, " ") end
print(("x"):rep(3, ","), ("abc"):sub(-2), ("abc"):byte(-1), #("x"):rep(1000000))
print(table.concat({ 1, 2, 3 }, "-"), select("#", table.unpack({ 1, nil, 3 }, 1, 3)))
local words = {}
for w in ("the quick brown fox jumps over the lazy dog"):gmatch("%a+") do words[#words + 1] = w end
table.sort(words, function(a, b) return #a < #b or (#a == #b and a < b) end)
print(table.concat(words, " "))
