import pytest

from chalicelib.artifacts import limits
from chalicelib.artifacts.parts import Upload
from chalicelib.errors import InvalidParameterValue

MIB = 1 << 20

SIZES = [1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 600 * MIB, 80_000 * MIB, 80_000 * MIB + 1, 1 << 40, limits.OBJECT_BYTES]


@pytest.mark.parametrize("size", SIZES)
def test_the_parts_make_up_the_whole_within_the_limits_of_s3(size: int) -> None:
    upload = Upload(size, "id")

    sizes = [upload.size_of(number) for number in range(1, upload.count + 1)]

    assert sum(sizes) == size
    assert len(sizes) <= 10_000
    assert upload.part_size >= 8 * MIB
    assert set(sizes[:-1]) <= {upload.part_size}
    assert max(sizes) <= 5 << 30


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_part_that_is_none_is_refused(number: int) -> None:
    with pytest.raises(InvalidParameterValue, match="this upload has 2 parts"):
        Upload(8 * MIB + 1, "id").size_of(number)
