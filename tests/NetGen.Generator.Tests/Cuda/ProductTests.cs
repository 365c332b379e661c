using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;
using NetGen.Generator.Cuda;
using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Tests.Cuda;

/// <summary>Products on ordinary units: an element is a chain of fused multiply-adds, to the bit, whatever the tile.</summary>
public sealed class ProductTests
{
    private static readonly ProductTile s_small = new(32, 16, 8, 4, 2), s_wide = new(64, 32, 8, 8, 4);

    public static TheoryData<int, int, int, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, bool, bool>();
            foreach ((int rows, int columns, int depth) in (ReadOnlySpan<(int, int, int)>)[(1, 10, 128), (64, 64, 64), (33, 50, 70),
                (100, 7, 3), (5, 132, 20)])
            {
                cases.Add(rows, columns, depth, true, true);
                cases.Add(rows, columns, depth, true, false);
                cases.Add(rows, columns, depth, false, false);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_element_is_a_chain_of_multiply_adds(int rows, int columns, int depth, bool isRowContiguous, bool isColumnContiguous)
    {
        foreach (ProductTile tile in (ProductTile[])[ProductTile.Usual, s_small, s_wide])
        {
            var kernel = new ProductKernel(new MatrixOperand("left", isRowContiguous, isRowContiguous ? depth : rows),
                new MatrixOperand("right", isColumnContiguous, isColumnContiguous ? depth : columns), tile)
            {
                // The batch is known at the launch only: it is the rows of a forward pass, the depth of a weights' gradient.
                Rows = isRowContiguous ? null : rows,
                Columns = columns,
                Depth = isRowContiguous ? depth : null,
                Result = new MatrixResult(columns),
            };
            float[] a = Numbers(rows * depth, 1), b = Numbers(columns * depth, 2);
            using var gpu = new Gpu();
            Run(gpu, kernel, tile, [a, b], rows, columns, [isRowContiguous ? rows : depth], out float[] result);
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    float sum = 0;
                    for (int k = 0; k < depth; k++)
                    {
                        float x = a[isRowContiguous ? row * depth + k : k * rows + row];
                        float y = b[isColumnContiguous ? column * depth + k : k * columns + column];
                        sum = MathF.FusedMultiplyAdd(x, y, sum);
                    }
                    Assert.Equal(sum, result[row * columns + column]);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bias_residual_and_activation_come_before_the_store(bool isBiasOfRows)
    {
        const int Rows = 20, Columns = 33, Depth = 48;
        ActivationFunction sigmoid = ActivationFunction.For(Activation.Sigmoid);
        var kernel = new ProductKernel(
            new MatrixOperand("input", true, Depth), new MatrixOperand("weight", true, Depth), ProductTile.Usual)
        {
            Columns = Columns,
            Depth = Depth,
            Result = new MatrixResult(Columns),
            HasBias = true,
            IsBiasOfRows = isBiasOfRows,
            Partner = ProductPartner.Residual,
            Epilogue = (writer, x) => new PtxCode(writer).With("x", x).Float(sigmoid.Apply(ElementValue.Named("x")), "y"),
        };
        float[] a = Numbers(Rows * Depth, 1), b = Numbers(Columns * Depth, 2), bias = Numbers(Columns, 3),
            residual = Numbers(Rows * Columns, 4);
        using var gpu = new Gpu();
        Run(gpu, kernel, ProductTile.Usual, [a, b, bias, residual], Rows, Columns, [Rows], out float[] result);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                float sum = 0;
                for (int k = 0; k < Depth; k++)
                    sum = MathF.FusedMultiplyAdd(a[row * Depth + k], b[column * Depth + k], sum);
                sum = sum + bias[isBiasOfRows ? row : column] + residual[row * Columns + column];
                var evaluator = new Conformance.Tests.Functions.ElementEvaluator(fuses: true).With("x", sum);
                Assert.Equal(evaluator.Number(sigmoid.Apply(ElementValue.Named("x"))), result[row * Columns + column]);
            }
        }
    }

    /// <summary>
    /// Where NVIDIA's assembler is on the path, it must find registers for everything; elsewhere there is nothing to compare with.
    /// </summary>
    [Fact]
    public void The_assembler_finds_registers_for_everything()
    {
        if (!Assembler.IsAvailable)
            return;
        foreach (ProductTile tile in (ProductTile[])[ProductTile.Usual, s_small, s_wide])
        {
            foreach (bool isContiguous in (bool[])[true, false])
            {
                var kernel = new ProductKernel(new MatrixOperand("left", isContiguous, 128),
                    new MatrixOperand("right", isContiguous, 128), tile)
                {
                    Columns = 128,
                    Depth = isContiguous ? 128 : null,
                    Result = new MatrixResult(128),
                    HasBias = true,
                };
                string text = PtxWriter.Module([kernel.Write("product", "A product.")]);
                foreach (int architecture in (int[])[80, 90])
                {
                    AssemblerResult result = Assembler.Assemble(text, architecture);
                    Assert.True(result.IsAccepted && result.SpilledBytes == 0 && result.Registers <= 128, result.Words);
                }
            }
        }
    }

    /// <summary>In the main loop no access of shared memory waits for another.</summary>
    [Fact]
    public void The_main_loop_has_no_bank_conflicts()
    {
        var kernel = new ProductKernel(new MatrixOperand("left", false, 64), new MatrixOperand("right", false, 64), ProductTile.Usual)
        {
            Rows = 64,
            Columns = 64,
            Depth = 256,
            Result = new MatrixResult(64),
        };
        using var gpu = new Gpu();
        Statistics statistics = Run(gpu, kernel, ProductTile.Usual, [Numbers(64 * 256, 1), Numbers(64 * 256, 2)], 64, 64, [], out _);
        // Per depth each of 8 warps reads two vectors of 16 bytes a lane: of the rows 2 different, of the columns 16, in one pass of the
        // banks each and two at least; and stores its part of the tile.
        long reads = 256 * 8 * 2, stores = 256 / 16 * 8 * 2;
        Assert.Equal(reads + stores, statistics.SharedAccesses);
        Assert.True(statistics.SharedCycles <= 4 * statistics.SharedAccesses, $"{statistics.SharedCycles} cycles");
        Assert.Equal(256L * 64 * 64 / 32, statistics.FusedMultiplyAdds);
    }

    /// <summary>Runs a product of a result that is a matrix.</summary>
    /// <param name="inputs">What the kernel is given before its result.</param>
    /// <param name="counts">Counts that its text does not have.</param>
    /// <param name="layers">Blocks along z, each with a matrix of its own.</param>
    internal static Statistics Run(Gpu gpu, ProductKernel kernel, ProductTile tile, float[][] inputs, int rows, int columns, int[] counts,
        out float[] result, int layers = 1, ProductPrecision precision = ProductPrecision.Float32)
    {
        PtxKernel ptx = PtxModule.Parse(PtxWriter.Module([kernel.Write("product", "A product.", precision)])).Kernels["product"];
        ulong to = gpu.Allocate(4L * rows * columns * layers);
        object[] arguments = [.. inputs.Select(input => (object)gpu.Upload(input)), to, .. counts.Select(count => (object)count)];
        var grid = ((columns + tile.Columns - 1) / tile.Columns, (rows + tile.Rows - 1) / tile.Rows, layers);
        Statistics statistics = gpu.Run(ptx, new LaunchShape(grid, (tile.Threads, 1, 1)), arguments);
        result = gpu.Read<float>(to, rows * columns * layers);
        return statistics;
    }

    internal static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
