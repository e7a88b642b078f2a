"""Writes MNIST's training images in the order of their classes: by-class.py FOLDER TARGET.idx"""
import gzip
import sys


def content(name):
    with gzip.open(f"{sys.argv[1]}/{name}-ubyte.gz") as file:
        return file.read()


images, labels = content("train-images-idx3"), content("train-labels-idx1")[8:]
pixels = images[16:]
order = sorted(range(len(labels)), key=labels.__getitem__)
with open(sys.argv[2], "wb") as file:
    file.write(images[:16])
    for i in order:
        file.write(pixels[784 * i : 784 * (i + 1)])
