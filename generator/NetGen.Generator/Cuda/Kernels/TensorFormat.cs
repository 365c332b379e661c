namespace NetGen.Generator.Cuda.Kernels;

/// <summary>What tensor cores are given for float32 numbers, and which products of it are summed up.</summary>
internal abstract class TensorFormat
{
    /// <summary>The depth of an instruction.</summary>
    public abstract int Depth { get; }

    /// <summary>Numbers that a register of an operand has, side by side along the depth.</summary>
    public abstract int PerWord { get; }

    /// <summary>Which parts of the left and of the right operand are multiplied, in the order in which they are summed up.</summary>
    public abstract IReadOnlyList<(int Left, int Right)> Products { get; }

    public static TensorFormat Of(ProductPrecision precision) => precision switch
    {
        ProductPrecision.Float32 => new SplitFormat(),
        ProductPrecision.TF32 => new TensorFloatFormat(),
        ProductPrecision.BFloat16 => new BFloat16Format(),
        _ => throw new InvalidOperationException($"Tensor cores have no format for {precision}."),
    };

    /// <summary>A register of an operand, in its parts.</summary>
    /// <param name="numbers">As many as it has, from the least depth on: finite, and below 2^127.</param>
    public abstract PtxInt[] Parts(PtxWriter writer, PtxFloat[] numbers, string stem);

    /// <summary>A warp's product of two operands' registers is added to its sums.</summary>
    public abstract void Multiply(PtxWriter writer, PtxFloat[] sums, PtxInt[] left, PtxInt[] right);

    /// <summary>
    /// float32 in a large part of 11 digits and a small one of the next 11 (Markidis et al., arXiv:1803.04014): large · large,
    /// large · small and small · large are summed up, the small ones first.
    /// </summary>
    private sealed class SplitFormat : TensorFormat
    {
        private const int Large = 0, Small = 1;

        /// <summary>The upper 19 bits.</summary>
        private const int TensorFloatBits = unchecked((int)0xFFFFE000);

        public override int Depth => 8;

        public override int PerWord => 1;

        public override IReadOnlyList<(int Left, int Right)> Products { get; } = [(Small, Large), (Large, Small), (Large, Large)];

        public override PtxInt[] Parts(PtxWriter writer, PtxFloat[] numbers, string stem)
        {
            PtxFloat value = numbers[0];
            PtxInt large = writer.And(writer.RoundToTensorFloat(value, stem + "Rounded"), TensorFloatBits, stem + "Large");
            PtxFloat rest = writer.Subtract(value, writer.NumberOf(large, stem + "Number"), stem + "Rest");
            return [large, writer.RoundToTensorFloat(rest, stem + "Small")];
        }

        public override void Multiply(PtxWriter writer, PtxFloat[] sums, PtxInt[] left, PtxInt[] right)
            => writer.MultiplyMatrices(sums, left, right);
    }

    /// <summary>The nearest numbers of 11 digits.</summary>
    private sealed class TensorFloatFormat : TensorFormat
    {
        public override int Depth => 8;

        public override int PerWord => 1;

        public override IReadOnlyList<(int Left, int Right)> Products { get; } = [(0, 0)];

        public override PtxInt[] Parts(PtxWriter writer, PtxFloat[] numbers, string stem)
            => [writer.RoundToTensorFloat(numbers[0], stem + "Rounded")];

        public override void Multiply(PtxWriter writer, PtxFloat[] sums, PtxInt[] left, PtxInt[] right)
            => writer.MultiplyMatrices(sums, left, right);
    }

    /// <summary>The nearest numbers of 8 digits, two in a register.</summary>
    private sealed class BFloat16Format : TensorFormat
    {
        public override int Depth => 16;

        public override int PerWord => 2;

        public override IReadOnlyList<(int Left, int Right)> Products { get; } = [(0, 0)];

        public override PtxInt[] Parts(PtxWriter writer, PtxFloat[] numbers, string stem)
            => [writer.RoundToBFloat16(numbers[0], numbers[1], stem + "Rounded")];

        public override void Multiply(PtxWriter writer, PtxFloat[] sums, PtxInt[] left, PtxInt[] right)
            => writer.MultiplyBFloat16Matrices(sums, left, right);
    }
}
