using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;
using NetGen.Generator.Cuda;
using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Cuda.Plans;
using NetGen.Generator.Inference;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Tests.Cuda;

/// <summary>The inference of whole networks on the simulated GPU, as the plan says, against formulas in double precision.</summary>
public sealed class CudaPlanTests
{
    private static InferredNetwork Infer(int[] input, params LayerSpec[] layers) => ShapeInference.Infer(new NetworkSpec("Plans",
        EquatableArray<ContainingTypeSpec>.Empty, "Net", "public sealed", input.ToEquatableArray(), layers.ToEquatableArray(),
        EquatableArray<LossSpec>.Empty, new TargetSpec(HasMultiplyAddEstimate: true))).Network;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(130)]
    public void A_perceptron_gives_its_probabilities(int samples)
    {
        InferredNetwork network = Infer([1, 5, 10], new FlattenSpec("flatten1"),
            new LinearSpec("linear1", 50, 70, Bias: true), new ActivationSpec("tanh1", Activation.Tanh),
            new LinearSpec("linear2", 70, 33, Bias: false), new ActivationSpec("relu1", Activation.ReLU),
            new LinearSpec("linear3", 33, 10, Bias: true), new SoftmaxSpec("softmax1"));
        CudaPlan plan = CudaPlan.Create(network, out IReadOnlyList<CudaRefusal> refusals)!;
        Assert.Empty(refusals);
        // Activations are in the products, the flattening is nothing.
        Assert.Equal(["Linear1Forward", "Linear2Forward", "Linear3Forward", "Softmax1Forward"],
            plan.Launches.Select(launch => launch.Kernel.Name));

        Dictionary<string, float[]> parameters = Parameters(plan, network);
        float[] input = Numbers(samples * 50, 1), output = Run(plan, parameters, input, samples, seed: samples);
        for (int sample = 0; sample < samples; sample++)
        {
            double[] x = [.. input.AsSpan(sample * 50, 50).ToArray().Select(v => (double)v)];
            x = [.. Linear(x, parameters["linear1.weight"], parameters["linear1.bias"]).Select(Math.Tanh)];
            x = [.. Linear(x, parameters["linear2.weight"], null).Select(v => Math.Max(0, v))];
            x = Linear(x, parameters["linear3.weight"], parameters["linear3.bias"]);
            double sum = x.Sum(Math.Exp);
            for (int i = 0; i < 10; i++)
                Assert.Equal(Math.Exp(x[i]) / sum, output[sample * 10 + i], 2e-6);
        }
    }

    /// <summary>Strides, padding, dilation, windows beyond the edge, more than one tile of channels and of pixels.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Convolutions_and_poolings_give_their_images(int samples)
    {
        InferredNetwork network = Infer([3, 13, 11],
            new Conv2dSpec("conv1", 3, 70, new Pair(3, 5), new Pair(1, 2), new Pair(1, 2), Bias: true),
            new ActivationSpec("relu1", Activation.ReLU),
            new MaxPool2dSpec("maxpool1", Pair.Both(3), Pair.Both(2), Pair.Both(1), CeilMode: false),
            new Conv2dSpec("conv2", 70, 5, Pair.Both(2), Pair.Both(1), Pair.Both(0), Bias: false),
            new AvgPool2dSpec("avgpool1", Pair.Both(2), Pair.Both(2), Pair.Both(1), CeilMode: false, CountIncludePad: false));
        CudaPlan plan = CudaPlan.Create(network, out IReadOnlyList<CudaRefusal> refusals)!;
        Assert.Empty(refusals);
        Dictionary<string, float[]> parameters = Parameters(plan, network);
        float[] input = Numbers(samples * 3 * 13 * 11, 1), output = Run(plan, parameters, input, samples, seed: samples);
        int length = output.Length / samples;
        for (int sample = 0; sample < samples; sample++)
        {
            var image = new Picture(3, 13, 11, [.. input.AsSpan(sample * 429, 429).ToArray().Select(v => (double)v)]);
            image = image.Convolve(parameters["conv1.weight"], parameters["conv1.bias"], (3, 5), (1, 2), (1, 2));
            image = image with { Values = [.. image.Values.Select(v => Math.Max(0, v))] };
            image = image.Pool(3, 2, 1, values => values.Max());
            image = image.Convolve(parameters["conv2.weight"], null, (2, 2), (1, 1), (0, 0));
            image = image.Pool(2, 2, 1, values => values.Average());
            Assert.Equal(length, image.Values.Length);
            for (int i = 0; i < length; i++)
                Assert.Equal(image.Values[i], output[sample * length + i], 4e-6 * Math.Max(1, Math.Abs(image.Values[i])));
        }
    }

    [Fact]
    public void Layers_with_one_text_share_a_kernel()
    {
        InferredNetwork network = Infer([64], [.. Enumerable.Range(1, 4).SelectMany(i => (LayerSpec[])
            [new LinearSpec($"linear{i}", 64, 64, Bias: true), new ActivationSpec($"relu{i}", Activation.ReLU)])]);
        CudaPlan plan = CudaPlan.Create(network, out _)!;
        Assert.Equal(4, plan.Launches.Count);
        Assert.Single(plan.Kernels);
        // Input, output and what is between: of four results two are there at a time.
        Assert.Equal(4 * 64, plan.SampleLength);
    }

    /// <summary>Which numbers a layer draws is what its launch is given, not a part of the text.</summary>
    [Fact]
    public void Dropouts_of_one_size_share_a_kernel_and_draw_other_numbers()
    {
        InferredNetwork network = Infer([8], new LinearSpec("linear1", 8, 8, Bias: true), new DropoutSpec("dropout1", 0.5f, false),
            new LinearSpec("linear2", 8, 8, Bias: true), new DropoutSpec("dropout2", 0.5f, false));
        CudaPlan plan = CudaPlan.CreateTraining(network, out _)!;
        CudaLaunch[] draws = [.. plan.Launches.Where(launch => launch.Arguments.OfType<CudaArgument.OfRandom>().Any())];
        Assert.Equal(2, draws.Length);
        Assert.Same(draws[0].Kernel, draws[1].Kernel);
        Assert.NotEqual(draws[0].Arguments[^1], draws[1].Arguments[^1]);
    }

    [Fact]
    public void Log_probabilities_have_no_sum_beyond_the_numbers()
    {
        InferredNetwork network = Infer([100], new LogSoftmaxSpec("logsoftmax1"));
        CudaPlan plan = CudaPlan.Create(network, out _)!;
        float[] input = [.. Enumerable.Range(0, 200).Select(i => i < 100 ? i * 10f - 300 : -1e4f * (i - 150))];
        float[] output = Run(plan, [], input, samples: 2, seed: 1);
        for (int sample = 0; sample < 2; sample++)
        {
            double[] x = [.. input.AsSpan(100 * sample, 100).ToArray().Select(v => (double)v)];
            double top = x.Max(), logarithm = top + Math.Log(x.Sum(v => Math.Exp(v - top)));
            for (int i = 0; i < 100; i++)
                Assert.Equal(x[i] - logarithm, output[100 * sample + i], 1e-3 + 1e-6 * Math.Abs(x[i] - logarithm));
        }
    }

    [Fact]
    public void What_has_no_kernel_is_refused_by_its_layer()
    {
        InferredNetwork network = Infer([8], new LinearSpec("linear1", 8, 4, Bias: true),
            new ActivationSpec("activation1", new UserActivation("global::App.QuickGELU", "QuickGELU")));
        Assert.Null(CudaPlan.Create(network, out IReadOnlyList<CudaRefusal> refusals));
        CudaRefusal refusal = Assert.Single(refusals);
        Assert.Equal("has a function of yours, which is C#, and a GPU runs none", refusal.Reason);
        Assert.Equal("Activation1", refusal.Node.Name);
        // States that no block's memory holds.
        network = Infer([4, 8], new RecurrentSpec("lstm1", RecurrentCell.LSTM, 8, 8192, 1, Bias: true, Dropout: 0, Bidirectional: false));
        Assert.Null(CudaPlan.Create(network, out refusals));
        Assert.Equal("has more units than the shared memory of a block holds", Assert.Single(refusals).Reason);
    }

    /// <summary>Where NVIDIA's assembler is on the path, it must take the module; elsewhere there is nothing to compare with.</summary>
    [Fact]
    public void The_assembler_takes_the_module()
    {
        CudaPlan plan = CudaPlan.Create(Infer([1, 12, 12],
            new Conv2dSpec("conv1", 1, 8, Pair.Both(3), Pair.Both(1), Pair.Both(1), Bias: true),
            new MaxPool2dSpec("maxpool1", Pair.Both(2), Pair.Both(2), Pair.Both(0), CeilMode: false), new FlattenSpec("flatten1"),
            new LinearSpec("linear1", 288, 70, Bias: true),
            new ActivationSpec("gelu1", Activation.GELU), new LinearSpec("linear2", 70, 12, Bias: true),
            new LogSoftmaxSpec("logsoftmax1")), out _)!;
        if (!Assembler.IsAvailable)
            return;
        foreach (int architecture in (int[])[80, 90])
        {
            AssemblerResult result = Assembler.Assemble(plan.Module, architecture);
            Assert.True(result.IsAccepted && result.SpilledBytes == 0, result.Words);
        }
    }

    private static Dictionary<string, float[]> Parameters(CudaPlan plan, InferredNetwork network)
    {
        int seed = 10;
        return plan.Launches.SelectMany(launch => launch.Arguments).OfType<CudaArgument.OfParameter>().Select(argument =>
            argument.Parameter)
            .Distinct().ToDictionary(parameter => parameter.Path, parameter => Numbers(parameter.Length, seed++));
    }

    /// <summary>Does what the plan says: memory, copies, launches.</summary>
    private static float[] Run(CudaPlan plan, Dictionary<string, float[]> parameters, float[] input, int samples, int seed)
    {
        using var gpu = new Gpu(seed);
        PtxModule module = PtxModule.Parse(plan.Module);
        ulong weights = gpu.Allocate(4 * Math.Max(1, plan.ParameterLength)), arena = gpu.Allocate(4 * plan.SampleLength * samples);
        foreach (ParameterInfo parameter in plan.Launches.SelectMany(launch => launch.Arguments).OfType<CudaArgument.OfParameter>()
            .Select(argument => argument.Parameter).Distinct())
        {
            gpu.Write<float>(weights + 4 * (ulong)plan.PlaceOf(parameter), parameters[parameter.Path]);
        }
        gpu.Write<float>(Address(plan.Graph.Inputs[0]), input);
        foreach (CudaLaunch launch in plan.Launches)
        {
            object[] arguments = [.. launch.Arguments.Select(argument => argument switch
            {
                CudaArgument.OfValue value => (object)Address(value.Value),
                CudaArgument.OfParameter parameter => weights + 4 * (ulong)plan.PlaceOf(parameter.Parameter),
                CudaArgument.OfCount count => (int)count.Count.For(samples),
                _ => throw new InvalidOperationException(),
            })];
            var grid = ((int)launch.Columns.Count.Groups(samples, launch.Columns.PerBlock),
                (int)launch.Rows.Count.Groups(samples, launch.Rows.PerBlock), 1);
            gpu.Run(module.Kernels[launch.Kernel.Name], new LaunchShape(grid, (launch.Kernel.Threads, 1, 1)), arguments);
        }
        Value output = plan.Graph.Outputs[0];
        return gpu.Read<float>(Address(output), samples * output.Shape.Size);

        ulong Address(Value value) => arena + 4 * (ulong)plan.PlaceOf(value, samples);
    }

    /// <summary>An image in double precision, by the definitions.</summary>
    private sealed record Picture(int Channels, int Height, int Width, double[] Values)
    {
        public Picture Convolve(
            float[] weight, float[]? bias, (int Rows, int Columns) kernel, (int Rows, int Columns) stride, (int Rows, int Columns) padding)
        {
            int taps = Channels * kernel.Rows * kernel.Columns, channels = weight.Length / taps;
            int height = (Height + 2 * padding.Rows - kernel.Rows) / stride.Rows + 1;
            int width = (Width + 2 * padding.Columns - kernel.Columns) / stride.Columns + 1;
            var result = new double[channels * height * width];
            for (int i = 0; i < result.Length; i++)
            {
                (int channel, int y, int x) = (i / (height * width), i / width % height * stride.Rows, i % width * stride.Columns);
                double sum = bias?[channel] ?? 0;
                for (int tap = 0; tap < taps; tap++)
                {
                    int row = y + tap / kernel.Columns % kernel.Rows - padding.Rows, column = x + tap % kernel.Columns - padding.Columns;
                    if (row >= 0 && row < Height && column >= 0 && column < Width)
                        sum += weight[channel * taps + tap] * Values[(tap / (kernel.Rows * kernel.Columns) * Height + row) * Width
                            + column];
                }
                result[i] = sum;
            }
            return new Picture(channels, height, width, result);
        }

        public Picture Pool(int kernel, int stride, int padding, Func<List<double>, double> combine)
        {
            int height = (Height + 2 * padding - kernel) / stride + 1, width = (Width + 2 * padding - kernel) / stride + 1;
            var result = new double[Channels * height * width];
            for (int i = 0; i < result.Length; i++)
            {
                var inside = new List<double>();
                for (int tap = 0; tap < kernel * kernel; tap++)
                {
                    int row = i / width % height * stride + tap / kernel - padding, column = i % width * stride + tap % kernel - padding;
                    if (row >= 0 && row < Height && column >= 0 && column < Width)
                        inside.Add(Values[(i / (height * width) * Height + row) * Width + column]);
                }
                result[i] = combine(inside);
            }
            return new Picture(Channels, height, width, result);
        }
    }

    private static double[] Linear(double[] x, float[] weight, float[]? bias)
    {
        int outputs = weight.Length / x.Length;
        return [.. Enumerable.Range(0, outputs).Select(o => x.Select((v, i) => v * weight[o * x.Length + i]).Sum() + (bias?[o] ?? 0))];
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
