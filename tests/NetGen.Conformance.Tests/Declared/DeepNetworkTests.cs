using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Declared;

/// <summary>
/// VGG16 and residual networks against PyTorch: output, every gradient, ten losses. <c>golden/models.py</c> says how far PyTorch's own
/// single precision is from its double precision. Convolutions at Winograd's points, thirteen in a row, come to about ten times that: twice
/// as much is allowed. Gradients are allowed two hundredths besides: a ReLU whose input is nearly zero may go the other way by rounding
/// alone, and each that does changes all gradients before it by some thousandths.
/// </summary>
public sealed class DeepNetworkTests
{
    private const double AllowedErrors = 24;
    private const double FlippedDecisions = 0.02;
    private const int Samples = 96;

    private delegate void Forward(float[] input, float[] output);

    private delegate float Train(float[] input, int[] labels);

    public static TheoryData<string, VectorWidth> SmallModels
    {
        get
        {
            var data = new TheoryData<string, VectorWidth>();
            foreach (VectorWidth width in NetworkChecker.Widths)
            {
                data.Add("vgg16", width);
                data.Add("resnet18", width);
            }
            return data;
        }
    }

    public static TheoryData<string, VectorWidth> LargeModels => new()
    {
        { "vgg16_224", NetworkChecker.Widths[0] },
        { "resnet50_224", NetworkChecker.Widths[0] },
    };

    [Fact]
    public void Threads_that_share_a_sample_give_the_bits_that_one_gives()
    {
        ResNet18 residual = new(seed: 1);
        Vgg16 plain = new(seed: 2);
        foreach (VectorWidth width in NetworkChecker.Widths)
        {
            foreach (int threads in new[] { 2, 3, 5 })
            {
                Compare(residual.CreateSession, ResNet18.InputSize, ResNet18.OutputSize, width, threads);
                Compare(plain.CreateSession, Vgg16.InputSize, Vgg16.OutputSize, width, threads);
            }
        }

        static void Compare(Func<int, SessionOptions?, ISession> create, int inputs, int outputs, VectorWidth width, int threads)
        {
            float[] input = Numbers.Uniform(3, inputs), expected = new float[outputs], output = new float[outputs];
            using (ISession alone = create(1, new SessionOptions { VectorWidth = width }))
                alone.Forward(input, expected);
            using ISession together = create(1, new SessionOptions { VectorWidth = width, Threads = threads });
            Assert.Contains("share each sample", together.Schedule, StringComparison.Ordinal);
            together.Forward(input, output);
            Assert.Equal(expected, output);
        }
    }

    [Theory]
    [MemberData(nameof(SmallModels))]
    [MemberData(nameof(LargeModels))]
    public void Agrees_with_PyTorch(string name, VectorWidth width)
    {
        var options = new TrainerOptions { VectorWidth = width, Threads = 2 };
        using var file = new SafeTensorsReader(Path.Combine(GoldenFile.Folder, "models", name + ".safetensors"));
        int batch = int.Parse(file.Metadata["batch"], System.Globalization.CultureInfo.InvariantCulture);
        var optimizer = new SGD(file.Metadata.TryGetValue("rate", out string? rate)
            ? float.Parse(rate, System.Globalization.CultureInfo.InvariantCulture) : 0.001f, momentum: 0.9f);
        switch (name)
        {
            case "vgg16":
            {
                var net = new Vgg16();
                using Vgg16.Trainer trainer = net.CreateTrainer(batch, optimizer, options);
                Check(file, net.Parameters, trainer.Gradients.All, (x, y) => trainer.Forward(x, y), (x, t) => trainer.Backward(t),
                    (x, t) => trainer.Step(x, t), Vgg16.InputSize, Vgg16.OutputSize);
                break;
            }
            case "resnet18":
            {
                var net = new ResNet18();
                using ResNet18.Trainer trainer = net.CreateTrainer(batch, optimizer, options);
                Check(file, net.Parameters, trainer.Gradients.All, (x, y) => trainer.Forward(x, y), (x, t) => trainer.Backward(t),
                    (x, t) => trainer.Step(x, t), ResNet18.InputSize, ResNet18.OutputSize);
                break;
            }
            case "vgg16_224":
            {
                var net = new Vgg16Large();
                using Vgg16Large.Trainer trainer = net.CreateTrainer(batch, optimizer, options);
                Check(file, net.Parameters, trainer.Gradients.All, (x, y) => trainer.Forward(x, y), (x, t) => trainer.Backward(t),
                    (x, t) => trainer.Step(x, t), Vgg16Large.InputSize, Vgg16Large.OutputSize);
                break;
            }
            default:
            {
                var net = new ResNet50();
                using ResNet50.Trainer trainer = net.CreateTrainer(batch, optimizer, options);
                Check(file, net.Parameters, trainer.Gradients.All, (x, y) => trainer.Forward(x, y), (x, t) => trainer.Backward(t),
                    (x, t) => trainer.Step(x, t), ResNet50.InputSize, ResNet50.OutputSize);
                break;
            }
        }

        void Check(SafeTensorsReader golden, IReadOnlyList<Parameter> parameters, IReadOnlyList<Parameter> gradients, Forward forward,
            Train backward, Train step, int inputSize, int outputSize)
        {
            int seed = int.Parse(golden.Metadata["seed"], System.Globalization.CultureInfo.InvariantCulture);
            Fill(parameters, seed);
            float[] input = Numbers.Uniform(seed * 1000, batch * inputSize);
            int[] labels = Numbers.Labels(seed * 1000 + 999, batch, outputSize);
            var output = new float[batch * outputSize];
            forward(input, output);
            Compare(golden, name, "output", output, 1e-6);
            backward(input, labels);
            for (int i = 0; i < gradients.Count; i++)
            {
                if (gradients[i].Kind is ParameterKind.Weight or ParameterKind.Bias)
                    Compare(golden, $"{name}, {gradients[i].Name}", $"grad.{i}", gradients[i].ToArray(), FlippedDecisions);
            }

            // PyTorch's first pass, too, was the first step's: buffers as they were.
            Fill(parameters, seed);
            double[] losses = golden.Read<double>("losses"), errors = golden.Read<double>("norm.losses");
            double allowed = 1e-5;
            for (int i = 0; i < losses.Length; i++)
            {
                // Errors grow from step to step; a small one by chance is no measure.
                allowed = Math.Max(allowed, AllowedErrors * errors[i]);
                float loss = step(input, labels);
                Assert.True(Math.Abs(loss - losses[i]) <= allowed * (1 + Math.Abs(losses[i])),
                    $"{name} ({width}): the loss of step {i} is {loss:R}, PyTorch's {losses[i]:R}, allowed {allowed:G3}.");
            }
        }
    }

    /// <summary>The values of <c>make_golden.py</c>'s fill.</summary>
    private static void Fill(IReadOnlyList<Parameter> parameters, int seed)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (parameter.Kind == ParameterKind.Counter)
            {
                parameter.Fill(3);
                continue;
            }
            int fanIn = 1;
            foreach (int extent in parameter.Shape.Slice(1))
                fanIn *= extent;
            float[] values = Numbers.Uniform(unchecked(seed * 1000 + 1 + i), parameter.Length, parameter.Kind == ParameterKind.Weight
                ? MathF.Sqrt(3f / fanIn) : 0.25f);
            if (parameter.Name.EndsWith(".running_var", StringComparison.Ordinal))
                values = Array.ConvertAll(values, v => 1 + v);
            parameter.CopyFrom(values);
        }
    }

    private static void Compare(SafeTensorsReader golden, string what, string entry, float[] actual, double share)
    {
        float[] expected = golden.Read<float>(entry);
        double[] norms = golden.Read<double>("norm." + entry);
        int[] places = actual.Length <= Samples ? Enumerable.Range(0, actual.Length).ToArray() : Numbers.Places(actual.Length, Samples);
        double squares = 0;
        for (int i = 0; i < places.Length; i++)
            squares += Math.Pow(actual[places[i]] - (double)expected[i], 2);
        double error = Math.Sqrt(squares / places.Length), allowed = AllowedErrors * norms[1] + share * norms[0];
        Assert.True(error <= allowed,
            $"{what}, {entry}: off by {error:G3} in the mean square, allowed {allowed:G3}; the tensor's own is {norms[0]:G3}, single precision's error in PyTorch {norms[1]:G3}.");
    }
}
