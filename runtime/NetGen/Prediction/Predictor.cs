namespace NetGen;

/// <summary>
/// Says of samples which class they are of: its number, its name and its probability. It turns the network's output into probabilities by
/// what the network was trained with (softmax of <c>CrossEntropyLoss</c>, the sigmoid of <c>BCEWithLogitsLoss</c>), and images into its
/// input by what the model's file says.
/// </summary>
/// <remarks>Like the session that it has, a predictor serves one caller at a time; any number of them share a network.</remarks>
/// <example>
/// <code>
/// using Predictor predictor = Predictor.Load(new MnistConvNet(), "clothes.safetensors");
/// Console.WriteLine(predictor.Predict(image));        // trousers (99.2%)
/// </code>
/// </example>
public sealed class Predictor : IDisposable
{
    private readonly ISession _session;
    private readonly ClassOutput _output;
    private readonly PredictorOptions _options;
    private readonly float[][] _rooms;
    private readonly Memory<float>[] _outputs;
    private readonly float[] _probabilities;
    private readonly float[] _prepared;

    /// <summary>A predictor.</summary>
    /// <param name="network">The network.</param>
    /// <param name="info">Names of the classes, and how images are prepared; null for neither.</param>
    /// <param name="options">The size of batches, the output, the session; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The network has no output of classes, or it is not certain which one, or there are not as many names as classes, or images are of
    /// another size than the network's input.
    /// </exception>
    public Predictor(INetwork network, ModelInfo? info = null, PredictorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Info = info ?? new ModelInfo();
        _options = options ?? new PredictorOptions();
        _output = ClassOutput.Of(network, _options);
        if (Info.ClassNames.Count > 0 && Info.ClassNames.Count != _output.Classes)
            throw new ArgumentException($"{network.GetType().Name} has {_output.Classes} classes"
                + $"{(_output.Size == 1 ? ", for which its single output decides" : "")}, but there are {Info.ClassNames.Count} names of "
                + $"classes: {Names(Info.ClassNames)}.", nameof(info));
        NetworkPorts ports = network.Ports;
        if (Info.Image is { } image)
        {
            CheckImage(network, image);
            _prepared = new float[checked(_options.MaxBatch * image.Size)];
        }
        else
        {
            _prepared = [];
        }
        _session = network.CreateSession(_options.MaxBatch, _options.Session);
        _rooms = [.. ports.Outputs.Select(output => new float[checked(_options.MaxBatch * output.Size)])];
        _outputs = new Memory<float>[_rooms.Length];
        _probabilities = new float[_output.Classes];
    }

    /// <summary>Loads parameters, names of classes and preparation of images from a model's file.</summary>
    /// <param name="network">A network of the file's kind, whose parameters are replaced.</param>
    /// <param name="path">The file, or the index of several, or the folder of either.</param>
    /// <param name="options">The size of batches, the output, the session; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The network has no output of classes, or the file has not as many names as classes; the network is unchanged.
    /// </exception>
    /// <exception cref="SafeTensorsException">
    /// The file is damaged, does not fit the network, or has no names of classes; the network is unchanged.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read; the network is unchanged.</exception>
    public static Predictor Load(INetwork network, string path, PredictorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ModelInfo info = ModelInfo.Load(path);
        if (info.ClassNames.Count == 0)
            throw new SafeTensorsException(path, SafeTensorsHeader.MetadataKey, $"it has no names of classes. Save the network with a "
                + $"{nameof(SaveOptions)}.{nameof(SaveOptions.Info)} that has them, or load the parameters alone and give them to a "
                + $"new {nameof(Predictor)}.");
        var predictor = new Predictor(network, info, options);
        try
        {
            network.LoadParameters(path);
            return predictor;
        }
        catch
        {
            predictor.Dispose();
            throw;
        }
    }

    /// <summary>Names of the classes, and how images are prepared.</summary>
    public ModelInfo Info { get; }

    /// <summary>How many classes there are; 2 where a single output decides.</summary>
    public int Classes => _output.Classes;

    /// <summary>Which class a sample is of.</summary>
    /// <param name="sample">The network's input.</param>
    /// <exception cref="ArgumentException">The length is not that of one sample.</exception>
    /// <exception cref="InvalidOperationException">The network has several inputs, or one of ints.</exception>
    public Prediction Predict(ReadOnlySpan<float> sample)
    {
        CheckInput(typeof(float));
        return First(new Batch(One(sample.Length, nameof(sample)), sample, default(ReadOnlySpan<int>)));
    }

    /// <summary>Which class a sample is of, for a network whose input are ints.</summary>
    /// <inheritdoc cref="Predict(ReadOnlySpan{float})"/>
    public Prediction Predict(ReadOnlySpan<int> sample)
    {
        CheckInput(typeof(int));
        return First(new Batch(One(sample.Length, nameof(sample)), sample, default(ReadOnlySpan<int>)));
    }

    /// <summary>Which class an image is of, prepared as the model's <see cref="ModelInfo.Image"/> says.</summary>
    /// <param name="pixels">
    /// The image, row by row from the top: for each pixel its brightness, or red, green and blue.
    /// </param>
    /// <exception cref="ArgumentException">The length is not that of one image.</exception>
    /// <exception cref="InvalidOperationException">It is not known how images are prepared.</exception>
    public Prediction Predict(ReadOnlySpan<byte> pixels)
    {
        ImageInfo image = Image();
        if (pixels.Length != image.Size)
            throw new ArgumentException($"Expected one image of {image}, {image.Size} bytes, got {pixels.Length}.", nameof(pixels));
        Span<float> input = _prepared.AsSpan(0, image.Size);
        image.ToInput(pixels, input);
        return First(new Batch(1, input, default(ReadOnlySpan<int>)));
    }

    /// <summary>Which class each of some samples is of.</summary>
    /// <param name="samples">The network's inputs, one sample after the other; any number.</param>
    /// <exception cref="ArgumentException">The length is no multiple of that of one sample.</exception>
    /// <exception cref="InvalidOperationException">The network has several inputs, or one of ints.</exception>
    public Prediction[] PredictBatch(ReadOnlySpan<float> samples)
    {
        CheckInput(typeof(float));
        var all = new Prediction[Count(samples.Length, nameof(samples))];
        int size = _session.InputSize;
        for (int first = 0; first < all.Length; first += _options.MaxBatch)
        {
            int count = Math.Min(_options.MaxBatch, all.Length - first);
            Each(new Batch(count, samples.Slice(first * size, count * size), default(ReadOnlySpan<int>)), all.AsSpan(first, count));
        }
        return all;
    }

    /// <summary>The same for a network whose input are ints.</summary>
    /// <inheritdoc cref="PredictBatch(ReadOnlySpan{float})"/>
    public Prediction[] PredictBatch(ReadOnlySpan<int> samples)
    {
        CheckInput(typeof(int));
        var all = new Prediction[Count(samples.Length, nameof(samples))];
        int size = _session.InputSize;
        for (int first = 0; first < all.Length; first += _options.MaxBatch)
        {
            int count = Math.Min(_options.MaxBatch, all.Length - first);
            Each(new Batch(count, samples.Slice(first * size, count * size), default(ReadOnlySpan<int>)), all.AsSpan(first, count));
        }
        return all;
    }

    /// <summary>
    /// Which class each sample of a batch is of, for any network: of several inputs, or samples with lengths of their own.
    /// </summary>
    /// <param name="batch">The samples, at most <see cref="PredictorOptions.MaxBatch"/>; targets are not looked at.</param>
    /// <exception cref="ArgumentException">The batch is too large, or does not fit the network's inputs.</exception>
    public Prediction[] PredictBatch(in Batch batch)
    {
        if (batch.Count > _options.MaxBatch)
            throw new ArgumentException($"Expected at most {_options.MaxBatch} samples, as {nameof(PredictorOptions)}."
                + $"{nameof(PredictorOptions.MaxBatch)} says, got {batch.Count}.", nameof(batch));
        var all = new Prediction[batch.Count];
        Each(batch, all);
        return all;
    }

    /// <summary>Which class each of some samples is of; allocates nothing.</summary>
    /// <param name="samples">The network's inputs, one sample after the other; any number.</param>
    /// <param name="classes">Receives the number of the class of each.</param>
    /// <param name="probabilities">Receives its probability.</param>
    /// <exception cref="ArgumentException">The length is no multiple of that of one sample, or there is not one place for each.</exception>
    /// <exception cref="InvalidOperationException">The network has several inputs, or one of ints.</exception>
    public void Predict(ReadOnlySpan<float> samples, Span<int> classes, Span<float> probabilities)
    {
        CheckInput(typeof(float));
        int all = Count(samples.Length, nameof(samples)), size = _session.InputSize;
        CheckRoom(classes.Length, all, nameof(classes));
        CheckRoom(probabilities.Length, all, nameof(probabilities));
        for (int first = 0; first < all; first += _options.MaxBatch)
        {
            int count = Math.Min(_options.MaxBatch, all - first);
            Run(new Batch(count, samples.Slice(first * size, count * size), default(ReadOnlySpan<int>)));
            for (int i = 0; i < count; i++)
            {
                ToProbabilities(i, _probabilities);
                classes[first + i] = Best(_probabilities);
                probabilities[first + i] = _probabilities[classes[first + i]];
            }
        }
    }

    /// <summary>The probability of each class; allocates nothing.</summary>
    /// <param name="samples">The network's inputs, one sample after the other; any number.</param>
    /// <param name="probabilities">Receives for each sample <see cref="Classes"/> probabilities.</param>
    /// <exception cref="ArgumentException">
    /// The length is no multiple of that of one sample, or there is not a place for each class.
    /// </exception>
    /// <exception cref="InvalidOperationException">The network has several inputs, or one of ints.</exception>
    public void PredictProbabilities(ReadOnlySpan<float> samples, Span<float> probabilities)
    {
        CheckInput(typeof(float));
        int all = Count(samples.Length, nameof(samples)), size = _session.InputSize;
        CheckRoom(probabilities.Length, (long)all * Classes, nameof(probabilities));
        for (int first = 0; first < all; first += _options.MaxBatch)
        {
            int count = Math.Min(_options.MaxBatch, all - first);
            Run(new Batch(count, samples.Slice(first * size, count * size), default(ReadOnlySpan<int>)));
            for (int i = 0; i < count; i++)
                ToProbabilities(i, probabilities.Slice((first + i) * Classes, Classes));
        }
    }

    /// <summary>The k likeliest classes of a sample, the likeliest first; of equally likely ones the one with the lower number.</summary>
    /// <param name="sample">The network's input.</param>
    /// <param name="k">How many, from 1 to <see cref="Classes"/>.</param>
    /// <exception cref="ArgumentException">The length is not that of one sample.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many classes.</exception>
    /// <exception cref="InvalidOperationException">The network has several inputs, or one of ints.</exception>
    public Prediction[] PredictTop(ReadOnlySpan<float> sample, int k)
    {
        CheckInput(typeof(float));
        return Top(new Batch(One(sample.Length, nameof(sample)), sample, default(ReadOnlySpan<int>)), k);
    }

    /// <summary>The same for a network whose input are ints.</summary>
    /// <inheritdoc cref="PredictTop(ReadOnlySpan{float}, int)"/>
    public Prediction[] PredictTop(ReadOnlySpan<int> sample, int k)
    {
        CheckInput(typeof(int));
        return Top(new Batch(One(sample.Length, nameof(sample)), sample, default(ReadOnlySpan<int>)), k);
    }

    /// <summary>The same for an image, prepared as the model's <see cref="ModelInfo.Image"/> says.</summary>
    /// <param name="pixels">
    /// The image, row by row from the top: for each pixel its brightness, or red, green and blue.
    /// </param>
    /// <param name="k">How many, from 1 to <see cref="Classes"/>.</param>
    /// <exception cref="ArgumentException">The length is not that of one image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many classes.</exception>
    /// <exception cref="InvalidOperationException">It is not known how images are prepared.</exception>
    public Prediction[] PredictTop(ReadOnlySpan<byte> pixels, int k)
    {
        ImageInfo image = Image();
        if (pixels.Length != image.Size)
            throw new ArgumentException($"Expected one image of {image}, {image.Size} bytes, got {pixels.Length}.", nameof(pixels));
        Span<float> input = _prepared.AsSpan(0, image.Size);
        image.ToInput(pixels, input);
        return Top(new Batch(1, input, default(ReadOnlySpan<int>)), k);
    }

    /// <summary>Ends the session.</summary>
    public void Dispose() => _session.Dispose();

    private Prediction First(in Batch batch)
    {
        Run(batch);
        return Of(0);
    }

    private void Each(in Batch batch, Span<Prediction> all)
    {
        Run(batch);
        for (int i = 0; i < all.Length; i++)
            all[i] = Of(i);
    }

    private Prediction[] Top(in Batch batch, int k)
    {
        if (k < 1 || k > Classes)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"Expected 1 to {Classes}, as many as there are classes.");
        Run(batch);
        ToProbabilities(0, _probabilities);
        int[] order = [.. Enumerable.Range(0, Classes)];
        // NaN is larger than all, as in PyTorch's topk.
        Array.Sort(order, (left, right) => ClassMetric.IsLarger(_probabilities[left], _probabilities[right]) ? -1
            : ClassMetric.IsLarger(_probabilities[right], _probabilities[left]) ? 1 : left.CompareTo(right));
        return [.. order.Take(k).Select(Named)];
    }

    private Prediction Of(int sample)
    {
        ToProbabilities(sample, _probabilities);
        return Named(Best(_probabilities));
    }

    private Prediction Named(int label) => new(label, Info.ClassNames.Count == 0 ? null : Info.ClassNames[label], _probabilities[label]);

    private int Best(ReadOnlySpan<float> probabilities)
        => _output.Size == 1 ? probabilities[1] > _options.Threshold ? 1 : 0 : ClassMetric.ArgMax(probabilities);

    private void ToProbabilities(int sample, Span<float> probabilities)
        => _output.ToProbabilities(_rooms[_output.Index].AsSpan(sample * _output.Size, _output.Size), probabilities);

    private void Run(in Batch batch)
    {
        NetworkPorts ports = _session.Ports;
        BatchChecks.Inputs(ports, batch, nameof(batch));
        for (int i = 0; i < _rooms.Length; i++)
        {
            NetworkPort output = ports.Outputs[i];
            long size = output.Lengths is { } lengths
                ? BatchChecks.Positions(ports, batch, lengths) * (output.Size / output.Shape[0]) : (long)batch.Count * output.Size;
            _outputs[i] = _rooms[i].AsMemory(0, (int)size);
        }
        _session.Forward(batch, _outputs);
    }

    private ImageInfo Image() => Info.Image ?? throw new InvalidOperationException(
        $"It is not known how images become the network's input: expected a {nameof(ModelInfo)}.{nameof(ModelInfo.Image)}. "
            + "Bytes can be prepared by hand and given as floats.");

    private void CheckInput(Type elements)
    {
        IReadOnlyList<NetworkPort> inputs = _session.Ports.Inputs;
        if (inputs.Count > 1 || inputs[0].ElementType != elements || inputs[0].Lengths is not null)
            throw new InvalidOperationException($"The network has {(inputs.Count > 1 ? "the inputs" : "the input")} "
                + $"{string.Join(", ", inputs)}, but this call is for one of {(elements == typeof(int) ? "ints" : "floats")}, all samples "
                + $"of one size. {nameof(PredictBatch)} takes a {nameof(Batch)} of any inputs.");
    }

    private int One(int length, string name) => length == _session.InputSize ? 1
        : throw new ArgumentException($"Expected one sample of {_session.InputSize} values, got {length}.", name);

    private int Count(int length, string name) => length % _session.InputSize == 0 ? length / _session.InputSize
        : throw new ArgumentException($"Expected samples of {_session.InputSize} values, got {length} in all, which are no whole samples.",
            name);

    private static void CheckRoom(int length, long needed, string name)
    {
        if (length != needed)
            throw new ArgumentException($"Expected room for {needed} values, got {length}.", name);
    }

    private static void CheckImage(INetwork network, ImageInfo image)
    {
        IReadOnlyList<NetworkPort> inputs = network.Ports.Inputs;
        int[] shape = [image.ChannelCount, image.Height, image.Width];
        bool fits = inputs.Count == 1 && !inputs[0].IsInts && inputs[0].Lengths is null
            && (inputs[0].Shape.SequenceEqual(shape) || (inputs[0].Shape.Count < 3 && inputs[0].Size == image.Size));
        if (!fits)
            throw new ArgumentException($"Images of {image} are an input of ({string.Join(", ", shape)}), but "
                + $"{network.GetType().Name} has {string.Join(", ", inputs)}.", "info");
    }

    private static string Names(IReadOnlyList<string> names)
        => names.Count <= 6 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(5))} and {names.Count - 5} more";
}
