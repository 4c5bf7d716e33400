!# cflags: -mcmodel=medium
!# mem: 8G
!# isles: process uhyve
!# compare: none
!# stdout:  5. 3.\n
! Saved arrays, and a COMMON block of more than 2 GiB, in the medium code model.
program model
  real(8), save :: a(15000000), c(15000000)
  real(8) :: b(300000000)
  common /large/ b
  a(15000000) = 2
  c(1) = 3
  b(300000000) = a(15000000) + 1
  print "(2f3.0)", a(15000000) + c(1), b(300000000)
end program
