! Files: sequential, direct and stream access, formatted and not; what inquire tells; errors.
!# output-file: lines.txt
!# output-file: records.bin
!# output-file: direct.bin
!# output-file: stream.bin
program files
  implicit none
  integer :: unit, i, status, length, position
  integer(8) :: size
  real(8) :: values(4), total
  character(len=40) :: line, message
  logical :: there

  open (newunit=unit, file='lines.txt', status='replace', action='write')
  do i = 1, 5
    write (unit, '("line ", i0, f8.3)') i, sqrt(real(i))
  end do
  close (unit)
  open (newunit=unit, file='lines.txt', status='old', position='append')
  write (unit, '(a)') 'appended'
  rewind unit
  length = 0
  do
    read (unit, '(a)', iostat=status) line
    if (status /= 0) exit
    length = length + len_trim(line)
  end do
  backspace unit
  backspace unit
  read (unit, '(a)') line
  print *, length, is_iostat_end(status), trim(line)
  close (unit)

  open (newunit=unit, file='records.bin', form='unformatted', status='replace')
  do i = 1, 3
    write (unit) i, [real(8) :: i, i * 2, i * 3, i * 4], 'text'
  end do
  rewind unit
  total = 0
  do i = 1, 3
    read (unit) length, values
    total = total + sum(values) + length
  end do
  read (unit, iostat=status) length
  print *, total, status == -1
  close (unit)

  open (newunit=unit, file='direct.bin', access='direct', recl=8, form='unformatted')
  do i = 10, 1, -1
    write (unit, rec=i) real(i, 8)
  end do
  read (unit, rec=7) total
  inquire (unit, nextrec=i, size=size)
  print *, total, i, size
  read (unit, rec=11, iostat=status) total
  print *, 'record 11', status /= 0
  close (unit)

  open (newunit=unit, file='stream.bin', access='stream')
  write (unit) 'abcdef', 12345
  write (unit, pos=3) 'X'
  inquire (unit, pos=position)
  read (unit, pos=1) line(1:6)
  print *, line(1:6), position
  close (unit)

  inquire (file='lines.txt', exist=there, size=size)
  print *, there, size
  inquire (file='none', exist=there)
  open (newunit=unit, file='none', status='old', iostat=status, iomsg=message)
  print *, there, status, message
  open (newunit=unit, status='scratch')
  write (unit, *) 'scratch'
  close (unit)
  open (newunit=unit, file='gone')
  close (unit, status='delete')
  inquire (file='gone', exist=there)
  print *, there
  flush (6)
end program
