using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public unsafe class TranspositionTests
{
    private const int Lanes = Transposition.Lanes;

    public static TheoryData<VectorWidth> Widths => Floats.Widths;

    [Theory, MemberData(nameof(Widths))]
    public void Rows_become_lanes_and_missing_samples_zeros(VectorWidth width)
    {
        foreach ((int samples, int elements, int pitch) in Cases())
        {
            float[] rows = Floats.Random(samples * pitch, 1);
            // Exactly as large as what may be read, at the end of its allocation, with guards around the destination.
            float[] lanes = Enumerable.Repeat(77f, elements * Lanes + 2).ToArray();
            fixed (float* source = rows, destination = lanes)
                Transposition.ToLanes(width, source, pitch, samples, destination + 1, elements);
            for (int e = 0; e < elements; e++)
            {
                for (int s = 0; s < Lanes; s++)
                    Assert.Equal(s < samples ? rows[s * pitch + e] : 0, lanes[1 + e * Lanes + s]);
            }
            Assert.Equal((77, 77), (lanes[0], lanes[^1]));
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Lanes_become_rows_and_missing_samples_are_not_written(VectorWidth width)
    {
        foreach ((int samples, int elements, int pitch) in Cases())
        {
            float[] lanes = Floats.Random(elements * Lanes, 2);
            float[] rows = Enumerable.Repeat(77f, 1 + Lanes * pitch).ToArray();
            fixed (float* source = lanes, destination = rows)
                Transposition.FromLanes(width, source, destination + 1, pitch, samples, elements);
            Assert.Equal(77, rows[0]);
            for (int s = 0; s < Lanes; s++)
            {
                for (int e = 0; e < pitch; e++)
                    Assert.Equal(s < samples && e < elements ? lanes[e * Lanes + s] : 77, rows[1 + s * pitch + e]);
            }
        }
    }

    [Fact]
    public void There_and_back_changes_nothing()
    {
        float[] rows = Floats.Random(Lanes * 784, 3), lanes = new float[Lanes * 784], back = new float[Lanes * 784];
        fixed (float* a = rows, b = lanes, c = back)
        {
            Transposition.ToLanes(a, 784, Lanes, b, 784);
            Transposition.FromLanes(b, c, 784, Lanes, 784);
        }
        Assert.Equal(rows, back);
    }

    private static IEnumerable<(int Samples, int Elements, int Pitch)> Cases()
    {
        foreach (int samples in new[] { 1, 3, 4, 8, 15, 16 })
        {
            foreach (int elements in new[] { 0, 1, 4, 10, 15, 16, 17, 32, 49 })
            {
                yield return (samples, elements, Math.Max(elements, 1));
                yield return (samples, elements, elements + 3);
            }
        }
    }
}
