using NetGen.CompilerServices;
using NetGen.Cuda;
using NetGen.Cuda.Simulator.Driver;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>The optimisers' kernels by themselves, beside the processor's formulas that they are made of.</summary>
public sealed unsafe class UpdateKernelTests
{
    public static TheoryData<string, bool> Rules
    {
        get
        {
            var all = new TheoryData<string, bool>();
            foreach (string name in OptimizerTests.Optimizers.Keys)
            {
                all.Add(name, false);
                all.Add(name, true);
            }
            return all;
        }
    }

    /// <summary>
    /// Zeros that stay zeros, gradients that vanish and that are huge, subnormal and infinite ones: all have the processor's bits, but for
    /// those of NaN, of which there are many.
    /// </summary>
    [Theory, MemberData(nameof(Rules))]
    public void Any_number_has_the_processors_bits(string name, bool clips)
    {
        const int Count = 301, Steps = 12;
        using var driver = new SimulatedDriver();
        CudaContext context = new CudaPlatform(new CudaDriver(driver.GetExport)).Open(0);
        UpdateKernels kernels = UpdateKernels.Of(context);
        using var stream = new CudaStream(context);
        var options = new TrainerOptions { ClipGradientValue = clips ? 100 : null };
        using OptimizerState expected = State(name, options, Count), state = State(name, options, Count);
        using AlignedBuffer weights = Floats.Buffer(Spread(Count, 1)), gradients = new(Count), result = new(Count);
        using DeviceBuffer deviceWeights = Upload(stream, weights.Span()), deviceGradients = Upload(stream, gradients.Span()),
            numbers = Upload(stream, new float[UpdateNumbers.Stride]);
        DeviceBuffer[] states = [.. Enumerable.Range(0, 3).Select(i => Upload(stream, (state.Buffer(i) ?? gradients).Span()))];
        var own = new float[UpdateNumbers.Stride];
        for (int step = 0; step < Steps; step++)
        {
            Spread(Count, 100 + step).CopyTo(gradients.Span());
            if (step == Steps - 1)
                (gradients.Pointer[1], gradients.Pointer[2], gradients.Pointer[4]) = (float.PositiveInfinity, float.NaN, -float.Epsilon);
            Copy(stream, deviceGradients, gradients.Span());
            expected.BeginStep();
            expected.UpdateRange(weights.Pointer, gradients.Pointer, 0, Count);
            state.BeginStep();
            state.WriteNumbers(own);
            Copy(stream, numbers, own);
            kernels.Update(stream, state.Rule, state.Clips, deviceWeights.Address, deviceGradients.Address,
                [.. states.Select(buffer => buffer.Address)], numbers.Address, Count);
            stream.CopyToHost(result.Pointer, deviceWeights.Address, sizeof(float) * Count);
            stream.Synchronize();
            AssertBits(weights.Span(), result.Span());
            stream.CopyToHost(result.Pointer, deviceGradients.Address, sizeof(float) * Count);
            stream.Synchronize();
            AssertBits(gradients.Span(), result.Span());
        }
        for (int i = 0; i < 3; i++)
        {
            stream.CopyToHost(result.Pointer, states[i].Address, sizeof(float) * Count);
            stream.Synchronize();
            if (expected.Buffer(i) is { } remembered)
                AssertBits(remembered.Span(), result.Span());
            states[i].Dispose();
        }
        Assert.Null(driver.Fault);
    }

    [Fact]
    public void Squares_are_summed_in_double_block_by_block()
    {
        const int Count = 2 * UpdateKernels.SquaresPerBlock + 777;
        using var driver = new SimulatedDriver();
        CudaContext context = new CudaPlatform(new CudaDriver(driver.GetExport)).Open(0);
        using var stream = new CudaStream(context);
        float[] values = Floats.Random(Count, 1, 3);
        using DeviceBuffer gradients = Upload(stream, values), sums = new(context, 3 * sizeof(double), "sums");
        Assert.Equal(3, UpdateKernels.SquareBlocks(Count));
        double[] result = new double[3], again = new double[3];
        foreach (double[] target in (double[][])[result, again])
        {
            UpdateKernels.Of(context).SumSquares(stream, gradients.Address, sums.Address, 2, Count);
            fixed (double* start = target)
            {
                stream.CopyToHost(start, sums.Address, 3 * sizeof(double));
                stream.Synchronize();
            }
        }
        Assert.Equal(result, again);
        for (int block = 0; block < 3; block++)
        {
            double expected = values.Skip(block * UpdateKernels.SquaresPerBlock).Take(UpdateKernels.SquaresPerBlock)
                .Sum(value => Math.Pow(Math.Clamp(value, -2, 2), 2));
            Assert.Equal(expected, result[block], 1e-12 * expected);
        }
        Assert.Null(driver.Fault);
    }

    /// <summary>A formula's text can be read beside the formula: g ← penalty · w + g; w ← −rate · g + w.</summary>
    [Fact]
    public void A_kernel_is_its_formula()
    {
        string kernel = UpdateKernels.WriteModule().Split(".visible .entry ")[1].ReplaceLineEndings("\n");
        Assert.StartsWith("update_Sgd(\n    .param .u64 weights,\n    .param .u64 gradients,", kernel, StringComparison.Ordinal);
        Assert.EndsWith("""
                ld.global.f32 %f1, [%a6+12];
                ld.global.f32 %f2, [%a6+8];
                neg.f32 %f3, %f2;
                add.u64 %a8, %a1, %a7;
                ld.global.f32 %f4, [%a8];
                add.u64 %a9, %a2, %a7;
                ld.global.f32 %f5, [%a9];
                fma.rn.f32 %f6, %f4, %f1, %f5;
                fma.rn.f32 %f7, %f6, %f3, %f4;
                st.global.f32 [%a8], %f7;
                ret;
            }


            """.ReplaceLineEndings("\n"), kernel, StringComparison.Ordinal);
    }

    [FactWithAssembler]
    public void The_assembler_takes_every_kernel_and_spills_nothing()
    {
        foreach (int architecture in (int[])[80, 90])
        {
            AssemblerResult result = Assembler.Assemble(UpdateKernels.WriteModule(), architecture);
            Assert.True(result.IsAccepted, result.Words);
            Assert.Equal(0, result.SpilledBytes);
        }
    }

    private static OptimizerState State(string name, TrainerOptions options, int count)
        => new(OptimizerTests.Optimizers[name](), [], count, options, VectorSupport.Resolve(VectorWidth.Auto));

    // Every third is zero, as padding is; the others are of all sizes.
    private static float[] Spread(int count, int seed)
    {
        float[] values = Floats.Random(count, seed);
        for (int i = 0; i < count; i++)
            values[i] = i % 3 == 0 ? 0 : values[i] * MathF.Pow(10, i % 7 == 0 ? -40 : i % 11 == 0 ? 20 : i % 4 - 2);
        return values;
    }

    private static void AssertBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!float.IsNaN(expected[i]) || !float.IsNaN(actual[i]))
                Assert.Equal(BitConverter.SingleToUInt32Bits(expected[i]), BitConverter.SingleToUInt32Bits(actual[i]));
        }
    }

    private static DeviceBuffer Upload(CudaStream stream, ReadOnlySpan<float> values)
    {
        var buffer = new DeviceBuffer(stream.Context, sizeof(float) * values.Length, "numbers");
        Copy(stream, buffer, values);
        return buffer;
    }

    private static void Copy(CudaStream stream, DeviceBuffer buffer, ReadOnlySpan<float> values)
    {
        fixed (float* source = values)
        {
            stream.CopyToDevice(buffer.Address, source, sizeof(float) * values.Length);
            stream.Synchronize();
        }
    }
}

/// <summary>A test that is skipped where <c>ptxas</c> is not on the path.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithAssemblerAttribute : FactAttribute
{
    public FactWithAssemblerAttribute() => Skip = Assembler.IsAvailable ? null : "There is no ptxas on the path.";
}
