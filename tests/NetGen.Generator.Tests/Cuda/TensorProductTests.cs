using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;
using NetGen.Generator.Cuda;
using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Tests.Cuda;

/// <summary>
/// Products on the simulated tensor cores, beside double precision: within half of what the conformance tests allow a chain of fused
/// multiply-adds; in the other precisions beside products of rounded numbers, which are exact but for the sums.
/// </summary>
public sealed class TensorProductTests
{
    private const double Deviations = 5;

    private static readonly ProductTile s_tile = ProductTile.TensorCores;

    public static TheoryData<string, int, int, int, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int, int, bool, bool>();
            foreach ((int rows, int columns, int depth) in (ReadOnlySpan<(int, int, int)>)[(1, 48, 32), (64, 64, 64), (33, 50, 70),
                (100, 132, 40), (65, 129, 37)])
            {
                foreach (string precision in Enum.GetNames<ProductPrecision>())
                {
                    foreach (bool isRowContiguous in (bool[])[true, false])
                    {
                        foreach (bool isColumnContiguous in (bool[])[true, false])
                            cases.Add(precision, rows, columns, depth, isRowContiguous, isColumnContiguous);
                    }
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_element_is_a_sum_of_products(string name, int rows, int columns, int depth, bool isRowContiguous,
        bool isColumnContiguous)
    {
        ProductPrecision precision = Enum.Parse<ProductPrecision>(name);
        ProductKernel kernel = Kernel(rows, columns, depth, isRowContiguous, isColumnContiguous);
        float[] a = ProductTests.Numbers(rows * depth, 1), b = ProductTests.Numbers(columns * depth, 2);
        float[]? first = null;
        // Blocks and warps in other orders give the same bits.
        for (int seed = 1; seed <= 3; seed++)
        {
            using var gpu = new Gpu(seed);
            ProductTests.Run(gpu, kernel, s_tile, [a, b], rows, columns, [isRowContiguous ? rows : depth], out float[] result,
                precision: precision);
            first ??= result;
            Assert.Equal(first, result);
        }
        Check(Matrix(Rounded(a, precision), rows, depth, isRowContiguous),
            Matrix(Rounded(b, precision), columns, depth, isColumnContiguous), first!);
    }

    /// <summary>Of a number with digits that the precision has not, and of one with those that it has.</summary>
    [Theory]
    [InlineData("Float32", 1.0009765625f + 0.00000011920929f, 1.0009765625f + 0.00000011920929f)]
    [InlineData("TF32", 1.0009765625f + 0.00000011920929f, 1.0009765625f)]
    [InlineData("TF32", 1.00048828125f, 1.0009765625f)]
    [InlineData("BFloat16", 1.0009765625f, 1)]
    [InlineData("BFloat16", 1.0078125f + 0.00390625f, 1.015625f)]
    [InlineData("BFloat16", 1.00390625f, 1)]
    public void Numbers_are_rounded_to_the_digits_of_the_precision(string name, float number, float expected)
    {
        const int Rows = 64, Columns = 64, Depth = 32;
        ProductPrecision precision = Enum.Parse<ProductPrecision>(name);
        // One operand is a unit matrix above zeros, the other is all the number.
        float[] numbers = [.. Enumerable.Repeat(number, Rows * Depth)];
        float[] unit = [.. Enumerable.Range(0, Columns * Depth).Select(i => i / Depth == i % Depth ? 1f : 0)];
        ProductKernel kernel = Kernel(Rows, Columns, Depth, true, true);
        foreach (bool isLeft in (bool[])[true, false])
        {
            using var gpu = new Gpu();
            ProductTests.Run(gpu, kernel, s_tile, isLeft ? [numbers, unit] : [unit, numbers], Rows, Columns, [Rows], out float[] result,
                precision: precision);
            for (int i = 0; i < result.Length; i++)
                Assert.Equal((isLeft ? i % Columns : i / Columns) < Depth ? expected : 0, result[i]);
            Assert.Equal(expected, Rounded([number], precision)[0]);
        }
    }

    /// <summary>What is too small for tensor cores is the same in all precisions.</summary>
    [Fact]
    public void Ordinary_units_know_no_precision()
    {
        var kernel = new ProductKernel(new MatrixOperand("left", true, 64), new MatrixOperand("right", true, 64), ProductTile.Usual)
        {
            Columns = 40,
            Depth = 64,
            Result = new MatrixResult(40),
        };
        foreach (ProductPrecision precision in Enum.GetValues<ProductPrecision>())
            Assert.Equal(kernel.Write("product", "A product."), kernel.Write("product", "A product.", precision));
    }

    /// <summary>Numbers alike in sign, where tensor cores alone would lose digits with each of thousands of sums.</summary>
    [Theory]
    [InlineData(4608)]
    [InlineData(25088)]
    public void Long_sums_of_positive_numbers_keep_their_digits(int depth)
    {
        const int Rows = 3, Columns = 48;
        ProductKernel kernel = Kernel(Rows, Columns, depth, isRowContiguous: true, isColumnContiguous: true);
        float[] a = [.. ProductTests.Numbers(Rows * depth, 1).Select(Math.Abs)];
        float[] b = [.. ProductTests.Numbers(Columns * depth, 2).Select(Math.Abs)];
        using var gpu = new Gpu(hasChecks: false);
        ProductTests.Run(gpu, kernel, s_tile, [a, b], Rows, Columns, [Rows], out float[] result);
        Check(Matrix(a, Rows, depth, true), Matrix(b, Columns, depth, true), result);
    }

    [Fact]
    public void The_depth_is_divided_among_blocks_and_groups_lie_beside_one_another()
    {
        const int Rows = 50, Columns = 70, Depth = 75, Split = 48, Groups = 2;
        var kernel = new ProductKernel(new MatrixOperand("left", true, Depth), new MatrixOperand("right", true, Depth), s_tile)
        {
            Rows = Rows,
            Columns = Columns,
            Result = new MatrixResult(Columns),
            Groups = Groups,
            GroupStrides = (Rows * Depth, Columns * Depth),
            Split = Split,
        };
        float[] a = ProductTests.Numbers(Groups * Rows * Depth, 1), b = ProductTests.Numbers(Groups * Columns * Depth, 2);
        using var gpu = new Gpu();
        ProductTests.Run(gpu, kernel, s_tile, [a, b], Rows, Columns, [Depth], out float[] result, layers: 2 * Groups);
        for (int part = 0; part < 2; part++)
        {
            for (int group = 0; group < Groups; group++)
            {
                float[][] left = Matrix(a[(group * Rows * Depth)..], Rows, Depth, true),
                    right = Matrix(b[(group * Columns * Depth)..], Columns, Depth, true);
                Range range = part == 0 ? ..Split : Split..;
                int first = (part * Groups + group) * Rows * Columns;
                Check([.. left.Select(line => line[range])], [.. right.Select(line => line[range])],
                    result[first..(first + Rows * Columns)]);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bias_residual_and_activation_come_before_the_store(bool isBiasOfRows)
    {
        const int Rows = 50, Columns = 70, Depth = 48;
        ActivationFunction sigmoid = ActivationFunction.For(Activation.Sigmoid);
        var kernel = new ProductKernel(new MatrixOperand("input", true, Depth), new MatrixOperand("weight", true, Depth), s_tile)
        {
            Columns = Columns,
            Depth = Depth,
            Result = new MatrixResult(Columns),
            HasScale = true,
            HasBias = true,
            IsBiasOfRows = isBiasOfRows,
            Partner = ProductPartner.Residual,
            Epilogue = (writer, x) => new PtxCode(writer).With("x", x).Float(sigmoid.Apply(ElementValue.Named("x")), "y"),
        };
        float[] a = ProductTests.Numbers(Rows * Depth, 1), b = ProductTests.Numbers(Columns * Depth, 2),
            scale = ProductTests.Numbers(Columns, 3), bias = ProductTests.Numbers(Columns, 4),
            residual = ProductTests.Numbers(Rows * Columns, 5);
        using var gpu = new Gpu();
        ProductTests.Run(gpu, kernel, s_tile, [a, b, scale, bias, residual], Rows, Columns, [Rows], out float[] result);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                int of = isBiasOfRows ? row : column;
                double sum = Enumerable.Range(0, Depth).Sum(k => (double)a[row * Depth + k] * b[column * Depth + k]);
                sum = sum * scale[of] + bias[of] + residual[row * Columns + column];
                Assert.Equal(1 / (1 + Math.Exp(-sum)), result[row * Columns + column], 2e-6);
            }
        }
    }

    /// <summary>Infinite and undefined results are those of fused multiply-adds, beside numbers that need all their digits.</summary>
    [Theory]
    [InlineData("Float32", true)]
    [InlineData("Float32", false)]
    [InlineData("TF32", true)]
    [InlineData("TF32", false)]
    [InlineData("BFloat16", true)]
    [InlineData("BFloat16", false)]
    public void Infinities_and_the_largest_numbers_are_what_they_are(string name, bool isContiguous)
    {
        ProductPrecision precision = Enum.Parse<ProductPrecision>(name);
        const int Rows = 70, Columns = 66, Depth = 70;
        float[][] left = Matrix(ProductTests.Numbers(Rows * Depth, 1), Rows, Depth, true),
            right = Matrix(ProductTests.Numbers(Columns * Depth, 2), Columns, Depth, true);
        left[0][3] = float.PositiveInfinity;
        left[1][20] = float.NegativeInfinity;
        left[2][40] = float.NaN;
        (left[3][5], left[3][69]) = (float.PositiveInfinity, float.NegativeInfinity);
        left[4][6] = float.MaxValue;
        (left[5][7], left[5][8]) = (float.MaxValue, -float.MaxValue);
        (right[0][3], right[1][3]) = (0, 1);
        right[2][69] = float.PositiveInfinity;
        (right[3][6], right[4][6]) = (2, 0.25f);
        left[69][69] = float.NaN;
        ProductKernel kernel = Kernel(Rows, Columns, Depth, isContiguous, isContiguous);
        using var gpu = new Gpu();
        ProductTests.Run(gpu, kernel, s_tile, [Flat(left, isContiguous), Flat(right, isContiguous)], Rows, Columns,
            [isContiguous ? Rows : Depth], out float[] result, precision: precision);
        // Tiles with such numbers are summed up as float32, the others from rounded numbers.
        double rounding = precision switch
        {
            ProductPrecision.TF32 => 2 * Math.ScaleB(1, -11),
            ProductPrecision.BFloat16 => 2.01 * Math.ScaleB(1, -8),
            _ => 0,
        };
        int special = 0;
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                float chain = 0;
                for (int k = 0; k < Depth; k++)
                    chain = MathF.FusedMultiplyAdd(left[row][k], right[column][k], chain);
                if (float.IsFinite(chain))
                {
                    CheckElement(left[row], right[column], result[row * Columns + column], row, column, rounding);
                    continue;
                }
                special++;
                Assert.Equal(chain, result[row * Columns + column]);
            }
        }
        Assert.True(special > 5 * Columns, $"{special}");
    }

    /// <summary>Each number is taken with an error of at most the smallest normal number.</summary>
    [Fact]
    public void Subnormal_numbers_are_absolute()
    {
        const int Rows = 48, Columns = 48, Depth = 64;
        float[] a = [.. ProductTests.Numbers(Rows * Depth, 1).Select((value, i) => value * MathF.ScaleB(1, -110 - i % 40))];
        float[] b = ProductTests.Numbers(Columns * Depth, 2);
        using var gpu = new Gpu();
        ProductTests.Run(gpu, Kernel(Rows, Columns, Depth, true, true), s_tile, [a, b], Rows, Columns, [Rows], out float[] result);
        for (int i = 0; i < result.Length; i++)
        {
            (int row, int column) = (i / Columns, i % Columns);
            double sum = 0, bound = 0;
            for (int k = 0; k < Depth; k++)
            {
                (double x, double y) = (a[row * Depth + k], b[column * Depth + k]);
                sum += x * y;
                bound += Math.Abs(y) * Math.ScaleB(1, -126) + Math.Abs(x * y) * Math.ScaleB(1, -20);
            }
            Assert.Equal(sum, result[i], bound);
        }
    }

    /// <param name="reads">Reads of a lane in a tile of a depth of 16.</param>
    /// <param name="cycles">Of a read of a warp: it is of one number or of two.</param>
    /// <param name="products">Instructions for a product of 16 rows, 8 columns and a depth of 16.</param>
    [Theory]
    [InlineData("Float32", true, 32, 1, 6)]
    [InlineData("Float32", false, 32, 1, 6)]
    [InlineData("TF32", true, 32, 1, 2)]
    [InlineData("TF32", false, 32, 1, 2)]
    [InlineData("BFloat16", true, 16, 2, 1)]
    [InlineData("BFloat16", false, 32, 1, 1)]
    public void Fragments_are_read_without_bank_conflicts(string name, bool isContiguous, int reads, int cycles, int products)
    {
        const int Depth = 256, Tiles = Depth / 16, Warps = 4;
        ProductKernel kernel = Kernel(64, 64, Depth, isContiguous, isContiguous);
        using var gpu = new Gpu();
        Statistics statistics = ProductTests.Run(gpu, kernel, s_tile,
            [ProductTests.Numbers(64 * Depth, 1), ProductTests.Numbers(64 * Depth, 2)], 64, 64, [isContiguous ? 64 : Depth], out _,
            precision: Enum.Parse<ProductPrecision>(name));
        // A tile's reads are of both operands, as many of each. Each warp stores 4 numbers a lane of both operands in two turns, which take
        // 4 cycles each, or 8 where lines of 20 or 24 numbers share banks.
        int allReads = Tiles * Warps * reads, stores = Tiles * Warps * 4;
        Assert.Equal(allReads + stores, statistics.SharedAccesses);
        Assert.Equal(allReads * cycles + stores * (isContiguous ? 8 : 4), statistics.SharedCycles);
        Assert.Equal(products * 64 / 16 * 64 / 8 * Tiles, statistics.MatrixProducts);
        Assert.Equal(0, statistics.FusedMultiplyAdds);
    }

    [Theory]
    [InlineData(null, 128, 784, true)]
    [InlineData(null, 48, 32, true)]
    [InlineData(null, 47, 784, false)]
    [InlineData(null, 128, 31, false)]
    [InlineData(64, null, 576, true)]
    [InlineData(64, null, 27, false)]
    [InlineData(64, 576, null, true)]
    [InlineData(32, 576, null, false)]
    [InlineData(64, 27, null, false)]
    public void Products_of_a_tile_or_more_are_for_tensor_cores(int? rows, int? columns, int? depth, bool expected)
        => Assert.Equal(expected, ProductTile.For(rows, columns, depth).IsOfTensorCores);

    /// <summary>
    /// Where NVIDIA's assembler is on the path: nothing is spilled, and a multiprocessor has registers for three blocks but where the sums
    /// are doubles too, or the addresses many.
    /// </summary>
    [Fact]
    public void The_assembler_finds_registers_for_everything()
    {
        if (!Assembler.IsAvailable)
            return;
        TensorShape shape = TensorShape.Image(64, 14, 14), deep = TensorShape.Image(1024, 14, 14);
        var window = new ConvolutionWindow(Pair.Both(3), Pair.Both(1), Pair.Both(1), 1, 1);
        var phases = new TransposedPhases(window with { Stride = Pair.Both(2) }, TensorShape.Image(64, 7, 7), shape);
        var image = new ImageDepthOperand("gradient", 64, 196);
        (string What, ProductKernel Kernel, int Most)[] kernels =
        [
            ("lines", Kernel(128, 128, 128, true, true), 168),
            ("both ways", Kernel(128, 128, 128, true, false), 168),
            ("depths", Kernel(128, 128, 128, false, false), 168),
            ("deep", Kernel(128, 128, 25088, true, true), 255),
            ("windows", new(new MatrixOperand("weight", true, 576), new WindowOperand("input", window, shape, shape), s_tile)
            {
                Rows = 64, Depth = 576, Result = new ImageResult(64, 196), HasBias = true, IsBiasOfRows = true,
            }, 168),
            ("gradient", new(image, new WindowDepthOperand("input", window, shape, shape), s_tile)
            {
                Rows = 64, Columns = 576, Result = new MatrixResult(576), Split = 2048,
            }, 255),
            ("deep windows", new(new MatrixOperand("weight", true, 9216), new WindowOperand("input", window, deep, shape), s_tile)
            {
                Rows = 64, Depth = 9216, Result = new ImageResult(64, 196), HasBias = true, IsBiasOfRows = true,
            }, 255),
            ("phases", new(new TransposedWeightOperand("weight", 64, phases), new TransposedWindowOperand("input", phases), s_tile)
            {
                Rows = 64, Depth = 64 * phases.Taps, Result = new PhasedResult(phases), Phases = phases.Count,
            }, 255),
            ("deep phases", new(new TransposedWeightOperand("weight", 64, phases), new TransposedWindowOperand("input", phases), s_tile)
            {
                Rows = 64, Depth = 9216, Result = new PhasedResult(phases), Phases = phases.Count,
            }, 255),
        ];
        var faults = new List<string>();
        foreach ((string what, ProductKernel kernel, int most) in kernels)
        {
            foreach (ProductPrecision precision in Enum.GetValues<ProductPrecision>())
            {
                string text = PtxWriter.Module([kernel.Write("product", "A product.", precision)]);
                foreach (int architecture in (int[])[80, 90])
                {
                    AssemblerResult result = Assembler.Assemble(text, architecture);
                    if (!result.IsAccepted || result.SpilledBytes > 0 || result.Registers > most)
                        faults.Add($"{what}, {precision}, sm_{architecture}: {result.Words}");
                }
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static ProductKernel Kernel(int rows, int columns, int depth, bool isRowContiguous, bool isColumnContiguous)
        => new(new MatrixOperand("left", isRowContiguous, isRowContiguous ? depth : rows),
            new MatrixOperand("right", isColumnContiguous, isColumnContiguous ? depth : columns), s_tile)
        {
            // The batch is known at the launch only: it is the rows of a forward pass, the depth of a weights' gradient.
            Rows = isRowContiguous ? null : rows,
            Columns = columns,
            Depth = isRowContiguous ? depth : null,
            Result = new MatrixResult(columns),
        };

    /// <summary>Line by line.</summary>
    private static float[][] Matrix(float[] numbers, int lines, int depth, bool isContiguous) =>
    [
        .. Enumerable.Range(0, lines).Select(line => Enumerable.Range(0, depth)
            .Select(k => numbers[isContiguous ? line * depth + k : k * lines + line]).ToArray()),
    ];

    private static float[] Flat(float[][] lines, bool isContiguous) => isContiguous ? [.. lines.SelectMany(line => line)]
        : [.. Enumerable.Range(0, lines[0].Length).SelectMany(k => lines.Select(line => line[k]))];

    private static void Check(float[][] left, float[][] right, float[] result)
    {
        for (int row = 0; row < left.Length; row++)
        {
            for (int column = 0; column < right.Length; column++)
                CheckElement(left[row], right[column], result[row * right.Length + column], row, column);
        }
    }

    /// <param name="rounding">By how much of the products' magnitudes it may be off beside.</param>
    private static void CheckElement(float[] left, float[] right, float actual, int row, int column, double rounding = 0)
    {
        double sum = 0, magnitude = 0;
        for (int k = 0; k < left.Length; k++)
        {
            sum += (double)left[k] * right[k];
            magnitude += Math.Abs((double)left[k] * right[k]);
        }
        double deviation = (1 + 0.2 * Math.Sqrt(left.Length)) * magnitude / (1 << 24), difference = Math.Abs(actual - sum);
        Assert.True(difference <= Deviations * deviation + rounding * magnitude,
            $"({row}, {column}) is {actual:R}, expected {sum:R}: {difference / deviation:G3} deviations.");
    }

    /// <summary>To as many digits as a precision has; of two as near the one further from zero, of bfloat16 the even one.</summary>
    private static float[] Rounded(float[] numbers, ProductPrecision precision)
    {
        (int digits, MidpointRounding ties) = precision switch
        {
            ProductPrecision.TF32 => (11, MidpointRounding.AwayFromZero),
            ProductPrecision.BFloat16 => (8, MidpointRounding.ToEven),
            _ => (24, MidpointRounding.ToEven),
        };
        return Array.ConvertAll(numbers, number =>
        {
            double unit = number == 0 ? 1 : Math.ScaleB(1, Math.ILogB(number) - digits + 1);
            return (float)(Math.Round(number / unit, ties) * unit);
        });
    }
}
