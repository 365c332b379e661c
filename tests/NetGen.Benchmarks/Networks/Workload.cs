namespace NetGen.Benchmarks.Networks;

/// <summary>A network that NetGen and its peers run on the same input with the same parameters.</summary>
/// <param name="Type">The generated class; its name is also that of the .onnx and .safetensors files.</param>
/// <param name="InputShape">Shape of one sample.</param>
/// <param name="OutputSize">Values by sample in the output.</param>
/// <param name="MultiplyAdds">
/// Multiply-adds of one sample's forward pass by the direct method: for a convolution every tap of every output,
/// those that fall on padding included; of causal attention those of the keys that a query sees.
/// </param>
/// <param name="FirstLayerMultiplyAdds">Those of the first layer, where a training step does not need its input gradient.</param>
internal sealed record Workload(Type Type, int[] InputShape, int OutputSize, long MultiplyAdds, long FirstLayerMultiplyAdds)
{
    public const int Classes = 10;

    public static Workload MnistConvNet { get; } = new(typeof(Networks.MnistConvNet), [1, 28, 28], Classes,
        Convolution(28, 28, 32, 1, 7) + Convolution(14, 14, 64, 32, 5) + 3136 * 128 + 128 * Classes,
        Convolution(28, 28, 32, 1, 7));

    public static Workload LeNet { get; } = new(typeof(Networks.LeNet), [1, 28, 28], Classes,
        Convolution(28, 28, 6, 1, 5) + Convolution(10, 10, 16, 6, 5) + 400 * 120 + 120 * 84 + 84 * Classes,
        Convolution(28, 28, 6, 1, 5));

    public static Workload Mlp { get; } = new(typeof(Networks.Mlp), [784], Classes,
        784 * 256 + 256 * 128 + 128 * Classes,
        784 * 256);

    public static Workload CifarSequential { get; } = new(typeof(Networks.CifarSequential), [3, 32, 32], Classes,
        Networks.CifarSequential.MultiplyAdds, Convolution(32, 32, 32, 3, 5)) { InferenceBatches = [64] };

    public static Workload Vgg16 { get; } = new(typeof(Networks.Vgg16), [3, 32, 32], Classes,
        Networks.Vgg16.MultiplyAdds, Convolution(32, 32, 64, 3, 3))
    {
        InferenceBatches = [1, 16],
        TrainingBatch = 16,
        IsDeep = true,
    };

    public static Workload ResNet18 { get; } = new(typeof(Networks.ResNet18), [3, 32, 32], Classes,
        Networks.ResNet18.MultiplyAdds, Convolution(32, 32, 64, 3, 3))
    {
        InferenceBatches = [1, 16],
        TrainingBatch = 16,
        IsDeep = true,
    };

    public static Workload UNet { get; } = new(typeof(Networks.UNet), [1, 64, 64], Classes,
        Networks.UNet.MultiplyAdds, Convolution(64, 64, 32, 1, 3))
    {
        InferenceBatches = [1, 8],
        TrainingBatch = 8,
        IsDeep = true,
    };

    public static Workload MobileNetStack { get; } = new(typeof(Networks.MobileNetStack), [3, 64, 64], Classes,
        Networks.MobileNetStack.MultiplyAdds, Convolution(32, 32, 32, 3, 3))
    {
        InferenceBatches = [1, 16],
        TrainingBatch = 16,
        IsDeep = true,
    };

    public static Workload TextCnn { get; } = OverTokens(typeof(Networks.TextCnn), Networks.TextCnn.MultiplyAdds,
        new SpeedGoals(Single: 1.5, Batched: 1.5, Training: 2));

    public static Workload Lstm { get; } = OverTokens(typeof(Networks.Lstm), Networks.Lstm.MultiplyAdds,
        new SpeedGoals(Single: 2, Batched: 1.35, Training: 2.5, PeakFraction: 0.8));

    public static Workload Gru { get; } = OverTokens(typeof(Networks.Gru), Networks.Gru.MultiplyAdds,
        new SpeedGoals(Single: 2, Batched: 1.8, Training: 2));

    public static Workload BiLstm2 { get; } = OverTokens(typeof(Networks.BiLstm2), Networks.BiLstm2.MultiplyAdds,
        new SpeedGoals(Single: 2, Batched: null, Training: 2));

    public static Workload Encoder { get; } = OverTokens(typeof(Networks.Encoder), Networks.Encoder.MultiplyAdds,
        new SpeedGoals(Single: 1.5, Batched: 1.5, Training: 2, PeakFraction: 0.8)) with
    {
        InferenceBatches = [1, 32],
        TrainingBatch = 32,
    };

    public static Workload Llama { get; } = OverTokens(typeof(Networks.Llama), Networks.Llama.MultiplyAdds,
        new SpeedGoals(Single: 1.5, Batched: 1.5, Training: 2, PeakFraction: 0.8), length: 128, vocabulary: 8000) with
    {
        InferenceBatches = [1, 8],
        TrainingBatch = 8,
    };

    public static Workload Tiny { get; } = new(typeof(Networks.Tiny), [16], 4, 16 * 32 + 32 * 16 + 16 * 4, 16 * 32);

    /// <summary>The networks of <c>-- peers</c>.</summary>
    public static IReadOnlyList<Workload> Peers { get; } =
    [
        MnistConvNet, LeNet, Mlp, CifarSequential, Vgg16, ResNet18, UNet, MobileNetStack, TextCnn, Lstm, Gru, BiLstm2, Encoder, Llama,
    ];

    /// <summary>Batch sizes whose inference is measured.</summary>
    public IReadOnlyList<int> InferenceBatches { get; init; } = [1, 64, 256];

    /// <summary>Batch size of the training step that is measured.</summary>
    public int TrainingBatch { get; init; } = 64;

    /// <summary>Of more than a dozen convolutions, with goals of their own.</summary>
    public bool IsDeep { get; init; }

    public string Name => Type.Name;

    /// <summary>Against the fastest peer; null where <c>Thresholds</c> has goals against each.</summary>
    public SpeedGoals? Goals { get; init; }

    /// <summary>Samples are tokens below it; null where they are numbers.</summary>
    public int? Vocabulary { get; init; }

    public int InputSize { get; } = InputShape.Aggregate(1, (size, extent) => size * extent);

    /// <summary>The input is a feature map of channels, rows and columns.</summary>
    public bool IsConvolutional => InputShape.Length == 3;

    /// <summary>Training is not the same computation in every contender.</summary>
    public bool HasDropout => Type == typeof(Networks.MnistConvNet) || Type == typeof(Networks.Vgg16);

    /// <summary>Floating-point operations of one sample: two by multiply-add.</summary>
    /// <remarks>
    /// A training step is counted as three forward passes (output, weight gradient, input gradient) without the input
    /// gradient of the first layer; optimiser and elementwise work are not counted.
    /// </remarks>
    public double FlopsPerSample(bool training) =>
        2.0 * (training ? 3 * MultiplyAdds - FirstLayerMultiplyAdds : MultiplyAdds);

    /// <summary>The same numbers in [0, 1), or the same tokens, on every run.</summary>
    public Samples Samples(int count)
    {
        var random = new Random(7);
        return Vocabulary is { } vocabulary
            ? new Samples<int>(Draw(() => random.Next(vocabulary)))
            : new Samples<float>(Draw(random.NextSingle));

        T[] Draw<T>(Func<T> next)
        {
            var samples = new T[count * InputSize];
            for (int i = 0; i < samples.Length; i++)
                samples[i] = next();
            return samples;
        }
    }

    /// <summary>The same class indices on every run.</summary>
    public int[] Labels(int count)
    {
        var random = new Random(8);
        var labels = new int[count];
        for (int i = 0; i < count; i++)
            labels[i] = random.Next(OutputSize);
        return labels;
    }

    // What stands in front is a table, so that no matrix product's input gradient is spared.
    private static Workload OverTokens(Type type, long multiplyAdds, SpeedGoals goals, int length = 64, int vocabulary = 25002)
    {
        const int Labels = 2;
        return new Workload(type, [length], Labels, multiplyAdds, FirstLayerMultiplyAdds: 0)
        {
            Vocabulary = vocabulary,
            Goals = goals,
            InferenceBatches = [1, 64],
        };
    }

    private static long Convolution(int outHeight, int outWidth, int outChannels, int inChannels, int kernel) =>
        (long)outHeight * outWidth * outChannels * inChannels * kernel * kernel;
}
