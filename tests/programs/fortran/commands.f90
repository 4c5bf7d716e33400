! Arguments, environment, clocks; there are no other programs to execute in an isle.
!# args: one "two words"
!# env: CHOSEN=value
!# stdout: 2 one|two words| 9\nvalue 5 0\nT T T\nrefused T\n
!# compare: none
program commands
  implicit none
  integer :: length, status, before, after, rate, code, dates(8)
  real :: seconds
  character(len=20) :: first, second, value

  call get_command_argument(1, first)
  call get_command_argument(2, second, length)
  write (*, '(i0, 1x, a, "|", a, "| ", i0)') command_argument_count(), trim(first), trim(second), length
  call get_environment_variable('CHOSEN', value, length, status)
  write (*, '(a, 1x, i0, 1x, i0)') trim(value), length, status
  call system_clock(before, rate)
  call cpu_time(seconds)
  call date_and_time(values=dates)
  call system_clock(after)
  write (*, '(l1, 1x, l1, 1x, l1)') after >= before .and. rate >= 1000, seconds >= 0, dates(1) > 2020
  call execute_command_line('true', exitstat=code, cmdstat=status)
  write (*, '(a, 1x, l1)') 'refused', status /= 0
end program
