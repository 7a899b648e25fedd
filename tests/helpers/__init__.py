"""What tests share: pages for controls, small GANs and notebooks, made-up recordings, programs to be killed."""
