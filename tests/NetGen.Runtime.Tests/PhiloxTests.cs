using System.Runtime.Intrinsics;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public unsafe class PhiloxTests
{
    public static TheoryData<VectorWidth> Widths => Floats.Widths;

    // Known answers of Random123, the authors' implementation (kat_vectors, philox4x32 with 10 rounds).
    [Theory]
    [InlineData(0x00000000_00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(0xffffffff_ffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x299f31d0_a4093822, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void Gives_the_known_answers(ulong seed, uint c0, uint c1, uint c2, uint c3, uint w0, uint w1, uint w2, uint w3)
    {
        Assert.Equal(Vector128.Create(w0, w1, w2, w3), Philox.Generate(seed, c0, c1, c2, c3));
    }

    [Theory, MemberData(nameof(Widths))]
    public void Dropout_is_the_defined_function_of_the_counter(VectorWidth width)
    {
        foreach (float probability in new[] { 0, 1e-6f, 0.1f, 0.25f, 0.5f, 0.9f, 0.99999994f, 1 })
        {
            foreach (int count in new[] { 0, 1, 3, 4, 7, 15, 16, 17, 31, 32, 33, 100, 257 })
            {
                const ulong seed = 0x0123_4567_89AB_CDEF;
                var actual = new float[count + 1];
                actual[count] = 77;
                fixed (float* pointer = actual)
                    Philox.DropoutScales(width, pointer, 0, count, probability, seed, 5, 0xFFFF_FFFE, 3);
                for (int i = 0; i < count; i++)
                {
                    uint word = Philox.Generate(seed, (uint)i / 4, 5, 0xFFFF_FFFE, 3)[i % 4];
                    bool keep = word >= Math.Round(probability * 4294967296.0);
                    Assert.Equal(keep ? (float)(1 / (1 - (double)probability)) : 0, actual[i]);
                }
                Assert.Equal(77, actual[count]);
            }
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void A_part_has_the_bits_of_the_whole(VectorWidth width)
    {
        var whole = new float[1000];
        fixed (float* pointer = whole)
            Philox.DropoutScales(width, pointer, 0, whole.Length, 0.3f, 9, 1, 2, 3);
        foreach ((int first, int count) in new[] { (0, 10), (4, 996), (96, 333), (996, 4), (996, 1), (500, 0) })
        {
            var part = new float[count];
            fixed (float* pointer = part)
                Philox.DropoutScales(pointer, first, count, 0.3f, 9, 1, 2, 3);
            Assert.Equal(whole.AsSpan(first, count).ToArray(), part);
        }
    }

    [Fact]
    public void Dropout_keeps_the_expected_share_and_differs_by_every_part_of_the_counter()
    {
        const int count = 100_000;
        float[] Mask(ulong seed, uint sample, uint step, uint stream)
        {
            var mask = new float[count];
            fixed (float* pointer = mask)
                Philox.DropoutScales(pointer, count, 0.3f, seed, sample, step, stream);
            return mask;
        }

        float[] mask = Mask(1, 0, 0, 0);
        // Four standard deviations.
        Assert.InRange(mask.Count(x => x == 0) / (double)count, 0.3 - 0.006, 0.3 + 0.006);
        Assert.All(mask, x => Assert.True(x == 0 || x == (float)(1 / (1 - (double)0.3f))));
        Assert.Equal(mask, Mask(1, 0, 0, 0));
        foreach (float[] other in
            new[] { Mask(2, 0, 0, 0), Mask(1UL << 32 | 1, 0, 0, 0), Mask(1, 1, 0, 0), Mask(1, 0, 1, 0), Mask(1, 0, 0, 1) })
        {
            // Independent masks agree in 0.7² + 0.3² of the places.
            double same = mask.Zip(other).Count(pair => pair.First == pair.Second) / (double)count;
            Assert.InRange(same, 0.58 - 0.01, 0.58 + 0.01);
        }
    }

    [Fact]
    public void Misuse_is_told()
    {
        foreach (float bad in new[] { -0.1f, 1.1f, float.NaN })
            Assert.Throws<ArgumentOutOfRangeException>("probability", () => Philox.DropoutScales(null, 0, bad, 0, 0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => Philox.DropoutScales(null, -1, 0.5f, 0, 0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("first", () => Philox.DropoutScales(null, 2, 0, 0.5f, 0, 0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("first", () => Philox.DropoutScales(null, -4, 0, 0.5f, 0, 0, 0, 0));
    }
}
