namespace NetGen.Data;

/// <summary>
/// Transforms, checked and put together: resizings, each with the windows before it, and one last pass that takes windows, conversion and
/// normalisation at once. A plan never changes, and serves any number of threads.
/// </summary>
internal sealed class TransformPlan
{
    private TransformPlan()
    {
    }

    /// <summary>Channels of the images it takes.</summary>
    public required int Channels { get; init; }

    /// <summary>Extents of the images it takes; null where they may be any.</summary>
    public required ImageShape? InputShape { get; init; }

    public required ImageShape OutputShape { get; init; }

    public required Stage[] Resizings { get; init; }

    /// <summary>The windows of the last pass, and what their fills have become behind all that follows them.</summary>
    public required Stage Last { get; init; }

    /// <summary>For each channel, what each of the 256 bytes becomes.</summary>
    public required float[][] Table { get; init; }

    /// <summary>How many normalisations follow the conversion. Of one, <see cref="Mean"/> and <see cref="Std"/> tell the numbers.</summary>
    public required int Normalizations { get; init; }

    public required float[] Mean { get; init; }

    public required float[] Std { get; init; }

    /// <summary>Puts transforms together for images with so many channels, of one size or of any.</summary>
    /// <exception cref="ArgumentException">They do not fit together, or not these images.</exception>
    public static TransformPlan Create(Transform transform, int channels, ImageShape? shape)
    {
        var builder = new Builder(channels, shape);
        transform.AddTo(builder);
        return builder.Build(transform);
    }

    /// <summary>
    /// Windows, each with the place among all transforms that its random numbers go by, fills by crop and channel, and a resizing.
    /// </summary>
    internal sealed record Stage(WindowTransform[] Windows, uint[] Places, float[][] Fills, Resize? Resize);

    /// <summary>Takes transforms one by one.</summary>
    internal sealed class Builder(int channels, ImageShape? shape)
    {
        private readonly List<Stage> _resizings = [];
        private readonly List<WindowTransform> _windows = [];
        private readonly List<uint> _places = [];
        private readonly List<float[]> _fills = [];
        private readonly float[] _mean = new float[channels], _std = new float[channels];
        private int? _height = shape?.Height, _width = shape?.Width;
        private float[][]? _table;
        private int _normalizations;
        private uint _place;

        public void AddWindow(WindowTransform window)
        {
            (_height, _width) = window.SizeOf(_height, _width);
            if (window.Fill is { } fill)
            {
                if (_table is null && !(fill is >= 0 and <= byte.MaxValue && fill == MathF.Truncate(fill)))
                    throw new ArgumentException($"{window}: before ToTensor a fill is a byte, 0 to 255.");
                _fills.Add([.. Enumerable.Repeat(fill, channels)]);
            }
            _windows.Add(window);
            _places.Add(_place++);
        }

        public void AddResize(Resize resize)
        {
            if (_table is not null)
                throw new ArgumentException($"{resize}: resizing works on bytes, so it stands before ToTensor.");
            ImageSize? size = resize.SizeOf(_height, _width);
            (_height, _width) = (size?.Height, size?.Width);
            _resizings.Add(TakeStage(resize));
            _place++;
        }

        public void AddToTensor()
        {
            if (_table is not null)
                throw new ArgumentException("ToTensor(): there is one before it, and it makes bytes to floats once.");
            _table = new float[channels][];
            for (int c = 0; c < channels; c++)
            {
                _table[c] = new float[256];
                for (int value = 0; value < 256; value++)
                    _table[c][value] = value / 255f;
            }
            foreach (float[] fill in _fills)
            {
                for (int c = 0; c < channels; c++)
                    fill[c] /= 255f;
            }
            _place++;
        }

        public void AddNormalize(float[] mean, float[] std)
        {
            if (_table is null)
                throw new ArgumentException("Normalize: it works on floats, so it stands after ToTensor.");
            if (mean.Length != 1 && mean.Length != channels)
                throw new ArgumentException($"Normalize: expected 1 mean and deviation, or {channels}, one for each channel, "
                    + $"got {mean.Length}.");
            for (int c = 0; c < channels; c++)
            {
                float m = mean[mean.Length == 1 ? 0 : c], s = std[std.Length == 1 ? 0 : c];
                for (int value = 0; value < 256; value++)
                    _table[c][value] = (_table[c][value] - m) / s;
                foreach (float[] fill in _fills)
                    fill[c] = (fill[c] - m) / s;
                (_mean[c], _std[c]) = (m, s);
            }
            _normalizations++;
            _place++;
        }

        public TransformPlan Build(Transform transform)
        {
            if (_table is null)
                throw new ArgumentException($"{transform}: nothing makes bytes to floats; add ToTensor().", nameof(transform));
            if (_height is not { } height || _width is not { } width)
            {
                throw new ArgumentException(
                    $"{transform}: the images may be of different sizes, and nothing brings them to one; add Resize((height, width)), "
                        + $"CenterCrop or RandomCrop.", nameof(transform));
            }
            var output = new ImageShape(channels, height, width);
            output.ThrowIfInvalid(nameof(transform));
            return new TransformPlan
            {
                Channels = channels,
                InputShape = shape,
                OutputShape = output,
                Resizings = [.. _resizings],
                Last = TakeStage(null),
                Table = _table,
                Normalizations = _normalizations,
                Mean = _mean,
                Std = _std,
            };
        }

        private Stage TakeStage(Resize? resize)
        {
            var stage = new Stage([.. _windows], [.. _places], [.. _fills], resize);
            _windows.Clear();
            _places.Clear();
            _fills.Clear();
            return stage;
        }
    }
}
