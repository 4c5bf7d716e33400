! Formatted output and input of every kind, internal files, namelists.
!# stdin: 3 4.5 'some text' T\n  12 34\n&settings count = 5, factor = 2.5, name = 'from stdin', grid = 3*1.5 /\n
program formats
  implicit none
  integer, parameter :: quad = selected_real_kind(30)
  integer :: count = 1, i, j, status
  real :: factor = 0.5, grid(3) = [1.0, 2.0, 3.0], x
  character(len=20) :: name = 'default', text
  logical :: flag
  complex :: z = (1.5, -2.5)
  namelist /settings/ count, factor, name, grid

  print *, 'list directed', 42, 1.5, .true., z, 1.0d0 / 3, 1.0_quad / 3
  write (*, '(i5, i5.3, 1x, f8.3, e12.4, es12.4, en12.3, g12.4, 1x, l2, a6, 1x, z8, o8, b8.8)') &
       42, -7, 3.14159, 1234.5, 1234.5, 1234.5, 1234.5, .true., 'text', 255, 8, 5
  write (*, '(3(i3, ","), /, "second line", t20, "tabbed", tr2, "right", 2x, sp, i4, ss, i4, bn)') 1, 2, 3, 4, 5
  write (*, '(dt, *(i0, :, "; "))') (i * i, i = 1, 0)
  write (*, '(*(i0, :, "; "))') (i * i, i = 1, 6)
  write (*, '(f0.2, 1x, f4.1, 1x, i2, 1x, e10.3e3)') 0.004, -99.95, 1000, 1d-200
  write (*, '(a, ru, f4.1, rd, f5.1, rn, f5.1, rz, f5.1)') 'rounding', 0.25, 0.25, 0.25, 0.25
  write (*, '(2f6.2, dc, f6.2)') z, 1.5
  read (*, *) count, x, text, flag
  print '(i0, 1x, f4.1, 1x, a, 1x, l1)', count, x, trim(text), flag
  read (*, '(i4, i3)') i, j
  print '(2i5)', i, j
  write (*, nml=settings)
  read (*, nml=settings)
  write (*, '(i0, 1x, f0.2, 1x, a, 3f5.1)') count, factor, trim(name), grid
  write (text, '(i6.6)') 1234
  read (text, *, iostat=status) x
  print '(a, f8.1, i3)', trim(text), x, status
  read (*, *, iostat=status) x
  print *, 'end of file', is_iostat_end(status)
  text = 'not a number'
  read (text, *, iostat=status, iomsg=text) x
  print *, status > 0, ' ', text
  write (*, '(a)', advance='no') 'no '
  write (*, '(a)') 'newline'
end program
