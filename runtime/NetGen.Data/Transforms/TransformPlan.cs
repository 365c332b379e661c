namespace NetGen.Data;

/// <summary>
/// Transforms, checked and put together: those that compute pixels, each with the windows before it, one last pass that takes windows,
/// conversion and normalisation at once, and what is done to its floats. A plan never changes, and serves any number of threads.
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

    /// <summary>Transforms that compute pixels, with the windows before each.</summary>
    public required Stage[] Passes { get; init; }

    /// <summary>The windows of the last pass, and what their fills have become behind all that follows them.</summary>
    public required Stage Last { get; init; }

    /// <summary>For each channel, what each of the 256 bytes becomes.</summary>
    public required float[][] Table { get; init; }

    /// <summary>How many normalisations follow the conversion. Of one, <see cref="Mean"/> and <see cref="Std"/> tell the numbers.</summary>
    public required int Normalizations { get; init; }

    public required float[] Mean { get; init; }

    public required float[] Std { get; init; }

    /// <summary>What is done to the floats, with the places that random numbers go by.</summary>
    public required (RandomErasing Erasing, uint Place)[] Erasings { get; init; }

    /// <summary>Whether images may be refused for their size, which is not known before they come.</summary>
    public required bool DependsOnSize { get; init; }

    /// <summary>Puts transforms together for images with so many channels, of one size or of any.</summary>
    /// <exception cref="ArgumentException">They do not fit together, or not these images.</exception>
    public static TransformPlan Create(Transform transform, int channels, ImageShape? shape)
    {
        var builder = new Builder(channels, shape);
        transform.AddTo(builder);
        return builder.Build(transform);
    }

    /// <summary>Whether transforms, which must fit together, give results of one size whatever images measure.</summary>
    public static bool BringsToOneSize(Transform transform, int channels)
    {
        var builder = new Builder(channels, null);
        transform.AddTo(builder);
        return builder.HasSize;
    }

    /// <summary>
    /// Windows, each with the place among all transforms that its random numbers go by, fills by crop and channel, and what computes pixels
    /// of what they leave, with its place.
    /// </summary>
    internal sealed record Stage(WindowTransform[] Windows, uint[] Places, float[][] Fills, PixelTransform? Pixels, uint Place);

    /// <summary>Takes transforms one by one.</summary>
    internal sealed class Builder(int channels, ImageShape? shape)
    {
        private readonly List<Stage> _passes = [];
        private readonly List<WindowTransform> _windows = [];
        private readonly List<uint> _places = [];
        private readonly List<float[]> _fills = [];
        private readonly List<(RandomErasing, uint)> _erasings = [];
        private float[] _mean = [], _std = [];
        private readonly int _inputChannels = channels;
        private int _channels = channels;
        private bool _dependsOnSize;
        private int? _height = shape?.Height, _width = shape?.Width;
        private float[][]? _table;
        private int _normalizations;
        private uint _place;

        public bool HasSize => _height is not null && _width is not null;

        public void AddWindow(WindowTransform window)
        {
            ThrowIfErased(window);
            _dependsOnSize |= _height is null && window.MayRefuse;
            (_height, _width) = window.SizeOf(_height, _width);
            if (window.Fill is { } fill)
            {
                if (_table is null && !(fill is >= 0 and <= byte.MaxValue && fill == MathF.Truncate(fill)))
                    throw new ArgumentException($"{window}: before ToTensor a fill is a byte, 0 to 255.");
                _fills.Add([.. Enumerable.Repeat(fill, _channels)]);
            }
            _windows.Add(window);
            _places.Add(_place++);
        }

        public void AddPixels(PixelTransform transform)
        {
            if (_table is not null)
                throw new ArgumentException($"{transform}: it works on bytes, so it stands before ToTensor.");
            (_height, _width) = transform.SizeOf(_height, _width);
            _channels = transform.ChannelsOf(_channels);
            _passes.Add(TakeStage(transform, _place++));
        }

        public void AddErasing(RandomErasing erasing)
        {
            if (_table is null)
                throw new ArgumentException($"{erasing}: it works on floats, so it stands after ToTensor.");
            erasing.CheckChannels(_channels);
            _erasings.Add((erasing, _place++));
        }

        public void AddToTensor()
        {
            if (_table is not null)
                throw new ArgumentException("ToTensor(): there is one before it, and it makes bytes to floats once.");
            _table = new float[_channels][];
            (_mean, _std) = (new float[_channels], new float[_channels]);
            for (int c = 0; c < _channels; c++)
            {
                _table[c] = new float[256];
                for (int value = 0; value < 256; value++)
                    _table[c][value] = value / 255f;
            }
            foreach (float[] fill in _fills)
            {
                for (int c = 0; c < _channels; c++)
                    fill[c] /= 255f;
            }
            _place++;
        }

        public void AddNormalize(Normalize normalize, float[] mean, float[] std)
        {
            if (_table is null)
                throw new ArgumentException("Normalize: it works on floats, so it stands after ToTensor.");
            ThrowIfErased(normalize);
            if (mean.Length != 1 && mean.Length != _channels)
                throw new ArgumentException($"Normalize: expected 1 mean and deviation, or {_channels}, one for each channel, "
                    + $"got {mean.Length}.");
            for (int c = 0; c < _channels; c++)
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
                        + $"CenterCrop, RandomCrop or RandomResizedCrop.", nameof(transform));
            }
            var output = new ImageShape(_channels, height, width);
            output.ThrowIfInvalid(nameof(transform));
            return new TransformPlan
            {
                Channels = _inputChannels,
                InputShape = shape,
                OutputShape = output,
                Passes = [.. _passes],
                Last = TakeStage(null, 0),
                Table = _table,
                Normalizations = _normalizations,
                Mean = _mean,
                Std = _std,
                Erasings = [.. _erasings],
                DependsOnSize = _dependsOnSize,
            };
        }

        private void ThrowIfErased(Transform transform)
        {
            if (_erasings.Count > 0)
                throw new ArgumentException($"{transform}: it stands behind {_erasings[0].Item1}, which erases parts of what the network "
                    + "gets, and so comes last.");
        }

        private Stage TakeStage(PixelTransform? pixels, uint place)
        {
            var stage = new Stage([.. _windows], [.. _places], [.. _fills], pixels, place);
            _windows.Clear();
            _places.Clear();
            _fills.Clear();
            return stage;
        }
    }
}
