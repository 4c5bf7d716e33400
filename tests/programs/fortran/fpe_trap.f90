! -ffpe-trap: a division by zero is a signal, with a backtrace that names the line. (QEMU without KVM knows no such traps.)
!# cflags: -g -O0 -ffpe-trap=zero,invalid
!# status: 136
!# isles: process
!# stderr-contains: Program received signal SIGFPE: Floating-point exception - erroneous arithmetic operation.
!# stderr-contains: fpe_trap.f90:13
program fpe_trap
  implicit none
  real, volatile :: zero = 0.0
  print *, 'before'
  flush (6)
  zero = zero + 0.0
  print *, 1.0 / zero
  print *, 'not reached'
end program
