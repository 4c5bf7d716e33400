! Coarrays on one image.
!# cflags: -fcoarray=single
program coarrays
  implicit none
  integer :: a(3)[*], total
  a = this_image() * [1, 2, 3]
  sync all
  total = a(2)[1]
  call co_sum(total)
  print *, this_image(), num_images(), total
end program
