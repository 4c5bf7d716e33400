! Fortran with what needs its runtime library: formatted output, quadruple precision, an allocatable array.
program hello
   use, intrinsic :: iso_fortran_env, only: real128
   implicit none
   real(real128), allocatable :: terms(:)
   integer :: i
   allocate (terms, source=[(1.0_real128/i, i=1, 10)])
   write (*, '(a, f0.30)') 'Hello from Fortran: ', sum(terms)
end program hello
