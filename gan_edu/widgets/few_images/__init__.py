"""What methods make of few training images: samples, and under each the training image that is nearest to it."""
