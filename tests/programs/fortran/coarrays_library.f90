!# cflags: -fcoarray=lib
!# libs: -lcaf_single
! A coarray program that is linked with the library for one image.
program coarrays_library
  implicit none
  integer, allocatable :: box(:)[:]
  integer :: total
  allocate (box(3)[*])
  box = [1, 2, 3] * this_image()
  sync all
  total = sum(box(:)[num_images()])
  call co_sum(total)
  print '(a, i0, a, i0, a, i0)', 'image ', this_image(), ' of ', num_images(), ': ', total
end program coarrays_library
