-- The math library, integers and floats, random numbers from a seed.
print(math.pi, math.huge, math.maxinteger, math.mininteger, math.maxinteger + 1 == math.mininteger)
for _, x in ipairs { 0.0, 0.5, 1.0, 2.0, 10.0, 100.25 } do
  print(string.format("%.12g %.12g %.12g %.12g %.12g %.12g", math.sin(x), math.cos(x), math.tan(x), math.exp(x), math.log(x + 1), math.sqrt(x)))
  print(string.format("%.12g %.12g %.12g %.12g", math.atan(x), math.atan(x, -1), math.log(x + 1, 2), math.log(x + 1, 10)))
end
print(math.floor(-3.5), math.ceil(-3.5), math.fmod(-7, 3), math.fmod(7.5, 2), math.modf(-3.25))
print(math.tointeger(3.0), math.tointeger(3.5), math.type(1), math.type(1.0), math.type("1"), math.ult(1, -1))
print(math.max(1, 2.5, -1), math.min(3, 1, 2), math.abs(math.mininteger), 1 << 62, ~0, 5 // 0.0, -5 % math.huge)
print(pcall(function() return 1 // 0 end))
print(2 ^ 0.5, 10 // 3, 10.0 // 3, -10 // 3, 1e308 * 10, 0x7fffffffffffffff * 2, 1 < 1.5, 2 ^ 63 == math.maxinteger + 1.0)
math.randomseed(42)
for _ = 1, 5 do io.write(math.random(1000), " ", string.format("%.14g", math.random()), " ") end
print(math.random(0) ~= nil)
local sum = 0.0
for i = 1, 1000000 do sum = sum + 1 / (i * i) end
print(string.format("%.15g", sum))
