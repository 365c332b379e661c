using System.Globalization;
using System.Text;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// How the parameters of a new network are drawn. The definitions are those of <c>torch.nn.init</c>; the numbers are not
/// PyTorch's but a function of the seed, the parameter's place in the network and the element's place in the parameter.
/// </summary>
/// <remarks>
/// Applied to a network or a list of parameters, the schemes other than <see cref="PyTorchDefault"/> draw the weights of two and
/// more dimensions and set biases to 0; weights of one dimension, such as the scale of a normalisation, keep PyTorch's default. Applied to
/// a single parameter, they draw that, whatever it is. A network's own choice can be declared with
/// <see cref="InitializeAttribute"/>.
/// </remarks>
public abstract class Initialization
{
    private protected Initialization()
    {
    }

    /// <summary>√2, PyTorch's gain for ReLU.</summary>
    public static float ReLUGain { get; } = MathF.Sqrt(2);

    /// <summary>
    /// PyTorch's default for Linear and Conv2d: weight and bias uniform in [−1/√fan_in, 1/√fan_in)
    /// (<c>kaiming_uniform_(a=√5)</c> comes to this); the tables of embeddings are N(0, 1), and the products for queries, keys and values
    /// of a MultiheadAttention uniform in ±√(6 / (fan_in + fan_out)).
    /// </summary>
    public static Initialization PyTorchDefault { get; } = new DefaultInitialization();

    /// <summary>
    /// Draws nothing: the parameters stay as they are, in a new network 0. For one whose parameters come from a file, of which very many
    /// would be drawn for nothing: <c>new Llama(0, Initialization.None)</c>, and then <c>LoadParameters</c>.
    /// </summary>
    public static Initialization None { get; } = new NoInitialization();

    /// <summary>Glorot and Bengio (2010), uniform, gain 1: weights in ±√(6 / (fan_in + fan_out)), biases 0.</summary>
    public static Initialization XavierUniform { get; } = CreateXavierUniform();

    /// <summary>Glorot and Bengio (2010), normal, gain 1: weights N(0, 2 / (fan_in + fan_out)), biases 0.</summary>
    public static Initialization XavierNormal { get; } = CreateXavierNormal();

    /// <summary>He et al. (2015), uniform, for ReLU: weights in ±√2 · √(3 / fan_in), biases 0.</summary>
    public static Initialization KaimingUniform { get; } = CreateKaimingUniform();

    /// <summary>He et al. (2015), normal, for ReLU: weights N(0, 2 / fan_in), biases 0.</summary>
    public static Initialization KaimingNormal { get; } = CreateKaimingNormal();

    /// <summary>Saxe et al. (2014): weights from the orthogonal matrices, biases 0.</summary>
    public static Initialization Orthogonal { get; } = CreateOrthogonal();

    /// <summary>What a layer's weights are multiplied by for what follows it: <c>calculate_gain</c>.</summary>
    /// <param name="nonlinearity">What follows.</param>
    /// <param name="negativeSlope">Slope of LeakyReLU below 0; without effect otherwise.</param>
    /// <exception cref="ArgumentOutOfRangeException">The nonlinearity is unknown, or the slope not finite.</exception>
    public static float GainOf(Nonlinearity nonlinearity, float negativeSlope = 0.01f)
    {
        CheckFinite(negativeSlope, nameof(negativeSlope));
        return nonlinearity switch
        {
            Nonlinearity.Linear or Nonlinearity.Sigmoid => 1,
            Nonlinearity.Tanh => 5f / 3,
            Nonlinearity.ReLU => ReLUGain,
            Nonlinearity.LeakyReLU => (float)Math.Sqrt(2 / (1 + (double)negativeSlope * negativeSlope)),
            Nonlinearity.SELU => 0.75f,
            _ => throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity, "Unknown nonlinearity."),
        };
    }

    /// <summary>Weights uniform in [minimum, maximum), biases 0: <c>uniform_</c>.</summary>
    /// <param name="minimum">The smallest value, finite.</param>
    /// <param name="maximum">What all values lie below, finite and at least the minimum.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or the maximum is below the minimum.</exception>
    public static Initialization CreateUniform(float minimum = 0, float maximum = 1)
    {
        CheckRange(minimum, maximum);
        return new UniformInitialization(minimum, maximum);
    }

    /// <summary>Weights N(mean, standardDeviation²), biases 0: <c>normal_</c>.</summary>
    /// <param name="mean">The mean, finite.</param>
    /// <param name="standardDeviation">The standard deviation, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static Initialization CreateNormal(float mean = 0, float standardDeviation = 1) =>
        new NormalInitialization(CheckFinite(mean, nameof(mean)), CheckDeviation(standardDeviation));

    /// <summary>
    /// Weights N(mean, standardDeviation²) without what lies outside [minimum, maximum], biases 0: <c>trunc_normal_</c>. The bounds are
    /// values, not multiples of the deviation.
    /// </summary>
    /// <param name="mean">The mean of the distribution before it is cut off, finite.</param>
    /// <param name="standardDeviation">Its standard deviation, finite and at least 0.</param>
    /// <param name="minimum">The smallest value, finite.</param>
    /// <param name="maximum">The largest value, finite and at least the minimum.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static Initialization CreateTruncatedNormal(float mean = 0, float standardDeviation = 1, float minimum = -2, float maximum = 2)
    {
        CheckRange(minimum, maximum);
        return new TruncatedNormalInitialization(CheckFinite(mean, nameof(mean)), CheckDeviation(standardDeviation), minimum, maximum);
    }

    /// <summary>All weights the same, biases 0: <c>constant_</c>.</summary>
    /// <param name="value">The value, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Initialization CreateConstant(float value) => new ConstantInitialization(CheckFinite(value, nameof(value)));

    /// <summary>Weights uniform in ±gain · √(6 / (fan_in + fan_out)), biases 0: <c>xavier_uniform_</c>.</summary>
    /// <param name="gain">Factor for the nonlinearity that follows, above 0; see <see cref="GainOf"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number above 0.</exception>
    public static Initialization CreateXavierUniform(float gain = 1)
        => new ScaledInitialization("XavierUniform", CheckGain(gain), null, normal: false);

    /// <summary>Weights N(0, gain² · 2 / (fan_in + fan_out)), biases 0: <c>xavier_normal_</c>.</summary>
    /// <param name="gain">Factor for the nonlinearity that follows, above 0; see <see cref="GainOf"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number above 0.</exception>
    public static Initialization CreateXavierNormal(float gain = 1)
        => new ScaledInitialization("XavierNormal", CheckGain(gain), null, normal: true);

    /// <summary>Weights uniform in ±gain · √(3 / fan), biases 0: <c>kaiming_uniform_</c>.</summary>
    /// <param name="mode">Which fan.</param>
    /// <param name="gain">Factor for the nonlinearity that follows, above 0; √2, ReLU's, by default. See <see cref="GainOf"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number above 0, or the mode is unknown.</exception>
    public static Initialization CreateKaimingUniform(FanMode mode = FanMode.FanIn, float? gain = null) =>
        new ScaledInitialization("KaimingUniform", CheckGain(gain ?? ReLUGain), CheckMode(mode), normal: false);

    /// <summary>Weights N(0, gain² / fan), biases 0: <c>kaiming_normal_</c>.</summary>
    /// <param name="mode">Which fan.</param>
    /// <param name="gain">Factor for the nonlinearity that follows, above 0; √2, ReLU's, by default. See <see cref="GainOf"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number above 0, or the mode is unknown.</exception>
    public static Initialization CreateKaimingNormal(FanMode mode = FanMode.FanIn, float? gain = null) =>
        new ScaledInitialization("KaimingNormal", CheckGain(gain ?? ReLUGain), CheckMode(mode), normal: true);

    /// <summary>
    /// Weights from the orthogonal matrices times gain, biases 0: <c>orthogonal_</c>. The weight counts as a matrix of its first
    /// dimension by all others; its rows, or its columns where there are more rows, are orthogonal. The time grows with the square of the
    /// smaller side times the larger.
    /// </summary>
    /// <param name="gain">Length of each row or column, above 0; see <see cref="GainOf"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number above 0.</exception>
    public static Initialization CreateOrthogonal(float gain = 1) => new OrthogonalInitialization(CheckGain(gain));

    /// <summary>
    /// Different schemes for different parts of a network: of the paths that a parameter is at or below, the longest decides. The path of a
    /// layer stands for its weight, of one dimension too, while its bias becomes 0; the path of a parameter, bias or weight, for just that;
    /// the path of a block for all layers inside.
    /// </summary>
    /// <param name="otherwise">For what no path takes.</param>
    /// <param name="parts">
    /// Paths as they stand in files (<c>conv1</c>, <c>residual1.conv2</c>, <c>linear1.bias</c>), none twice, each with its scheme.
    /// </param>
    /// <exception cref="ArgumentException">A path is empty or given twice, or a scheme itself consists of parts.</exception>
    public static Initialization CreateByPath(Initialization otherwise, params (string Path, Initialization Scheme)[] parts)
    {
        ArgumentNullException.ThrowIfNull(otherwise);
        ArgumentNullException.ThrowIfNull(parts);
        foreach ((string path, Initialization scheme) in parts)
        {
            ArgumentException.ThrowIfNullOrEmpty(path, nameof(parts));
            ArgumentNullException.ThrowIfNull(scheme, nameof(parts));
            if (scheme is PathInitialization)
                throw new ArgumentException($"The scheme of \"{path}\" itself consists of parts.", nameof(parts));
        }
        if (otherwise is PathInitialization)
            throw new ArgumentException("The scheme itself consists of parts.", nameof(otherwise));
        if (parts.GroupBy(part => part.Path, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The path \"{twice.Key}\" is given twice.", nameof(parts));
        return new PathInitialization(otherwise, [.. parts]);
    }

    /// <summary>Draws all parameters of a network, or those of a list.</summary>
    /// <param name="parameters">
    /// The parameters; the place in the list is part of the random counter, so that two lists need two seeds to get different numbers.
    /// </param>
    /// <param name="seed">The same seed gives the same parameters.</param>
    /// <exception cref="ArgumentException">
    /// A path of <see cref="CreateByPath"/> takes no parameter, or a scheme cannot draw one; nothing is changed.
    /// </exception>
    public void Apply(IReadOnlyList<Parameter> parameters, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Check(parameters);
        DrawNetwork(parameters, seed);
    }

    /// <summary>Draws one parameter, a weight or a bias, such as <c>net.Linear1.Bias</c>.</summary>
    /// <param name="parameter">The parameter; its name is part of the random counter.</param>
    /// <param name="seed">The same seed gives the same numbers.</param>
    /// <exception cref="ArgumentException">
    /// The scheme needs at least two dimensions, and the parameter has fewer; nothing is changed.
    /// </exception>
    public void Apply(Parameter parameter, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (this is PathInitialization)
            throw new InvalidOperationException("A scheme of parts draws a whole network: Apply(net.Parameters, seed).");
        CheckDimensions(parameter);
        var values = new float[parameter.Length];
        Draw(values, parameter, new RandomNumbers(seed, StreamOf(parameter.Name)));
        ClearPadding(values, parameter);
        parameter.CopyFrom(values);
    }

    /// <summary>The fans or the rows of a matrix are needed, which only tensors of two dimensions and more have.</summary>
    private protected virtual bool NeedsMatrix => false;

    /// <summary>Draws the parameter, whatever its kind.</summary>
    private protected abstract void Draw(Span<float> values, Parameter parameter, RandomNumbers random);

    /// <summary>Draws one parameter after another.</summary>
    private protected virtual void DrawNetwork(IReadOnlyList<Parameter> parameters, ulong seed)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            var values = new float[parameter.Length];
            DrawInNetwork(values, parameter, new RandomNumbers(seed, (uint)i));
            MultiplyRows(values, parameter);
            ClearPadding(values, parameter);
            parameter.CopyFrom(values);
        }
    }

    /// <summary>Draws the parameter as one of a network.</summary>
    private protected virtual void DrawInNetwork(Span<float> values, Parameter parameter, RandomNumbers random)
    {
        if (!float.IsNaN(parameter.InitialValue))
            values.Fill(parameter.InitialValue);
        else if (parameter.Kind == ParameterKind.Bias)
            values.Clear();
        else if (parameter.Shape.Length < 2)
            PyTorchDefault.Draw(values, parameter, random);
        else
            Draw(values, parameter, random);
    }

    // What the declaration scales, such as the weights of deep networks, whatever has drawn them.
    private static void MultiplyRows(Span<float> values, Parameter parameter)
    {
        if (parameter.Gain == 1)
            return;
        int columns = parameter.Length / parameter.Shape[0];
        foreach (ref float value in values[(parameter.GainFrom * columns)..])
            value *= parameter.Gain;
    }

    // The row of a table that stands for nothing.
    private static void ClearPadding(Span<float> values, Parameter parameter)
    {
        if (parameter.PaddingRow is not int row)
            return;
        int columns = parameter.Length / parameter.Shape[0];
        values.Slice(row * columns, columns).Clear();
    }

    /// <summary>What must hold of a whole network.</summary>
    private protected virtual void Check(IReadOnlyList<Parameter> parameters)
    {
    }

    private void CheckDimensions(Parameter parameter)
    {
        if (NeedsMatrix && parameter.Shape.Length < 2)
            throw new ArgumentException($"{this} needs a parameter of at least two dimensions, but {parameter} "
                + $"has {parameter.Shape.Length}.", nameof(parameter));
    }

    // FNV-1a, with the highest bit set so that no place in a list is the same.
    private static uint StreamOf(string name)
    {
        uint hash = 2166136261;
        foreach (byte value in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ value) * 16777619;
        return hash | 0x80000000;
    }

    private static float CheckFinite(float value, string name)
    {
        if (!float.IsFinite(value))
            throw new ArgumentOutOfRangeException(name, value, "Expected a finite number.");
        return value;
    }

    private static float CheckDeviation(float standardDeviation)
    {
        if (!(standardDeviation >= 0) || float.IsInfinity(standardDeviation))
            throw new ArgumentOutOfRangeException(nameof(standardDeviation), standardDeviation, "Expected a finite number of at least 0.");
        return standardDeviation;
    }

    private static void CheckRange(float minimum, float maximum)
    {
        CheckFinite(minimum, nameof(minimum));
        CheckFinite(maximum, nameof(maximum));
        if (maximum < minimum)
            throw new ArgumentOutOfRangeException(nameof(maximum), maximum,
                string.Create(CultureInfo.InvariantCulture, $"Expected a number of at least the minimum, {minimum}."));
    }

    private static float CheckGain(float gain)
    {
        if (!(gain > 0) || float.IsInfinity(gain))
            throw new ArgumentOutOfRangeException(nameof(gain), gain, "Expected a finite number above 0.");
        return gain;
    }

    private static FanMode CheckMode(FanMode mode)
    {
        if (mode is not (FanMode.FanIn or FanMode.FanOut))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Expected FanIn or FanOut.");
        return mode;
    }

    private sealed class DefaultInitialization : Initialization
    {
        public override string ToString() => "PyTorchDefault";

        private protected override void Draw(Span<float> values, Parameter parameter, RandomNumbers random)
        {
            double bound = parameter.IsXavier ? Math.Sqrt(6.0 / ((double)parameter.FanIn + parameter.FanOut))
                : 1 / Math.Sqrt(parameter.FanIn);
            if (parameter.IsTable)
                random.Normal(values, 0, 1);
            else if (float.IsNaN(parameter.InitialValue))
                random.Uniform(values, -bound, bound);
            else
                values.Fill(parameter.InitialValue);
        }

        private protected override void DrawInNetwork(Span<float> values, Parameter parameter, RandomNumbers random)
            => Draw(values, parameter, random);
    }

    /// <summary>Leaves everything as it is: see <see cref="CompilerServices.Undrawn"/>.</summary>
    internal sealed class NoInitialization(AlignedBuffer? memory = null) : Initialization
    {
        /// <summary>Where the parameters lie of what is part of another network; null for one by itself.</summary>
        public AlignedBuffer? Memory => memory;

        public override string ToString() => "None";

        private protected override void Draw(Span<float> values, Parameter parameter, RandomNumbers random) => parameter.CopyTo(values);

        private protected override void DrawNetwork(IReadOnlyList<Parameter> parameters, ulong seed)
        {
        }
    }

    private sealed class UniformInitialization(float minimum, float maximum) : Initialization
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Uniform({minimum}, {maximum})");

        private protected override void Draw(Span<float> values, Parameter parameter, RandomNumbers random)
            => random.Uniform(values, minimum, maximum);
    }

    private sealed class NormalInitialization(float mean, float deviation) : Initialization
    {
        public override string ToString()
            => string.Create(CultureInfo.InvariantCulture, $"Normal(mean {mean}, standard deviation {deviation})");

        private protected override void Draw(Span<float> values, Parameter parameter, RandomNumbers random)
            => random.Normal(values, mean, deviation);
    }

    private sealed class TruncatedNormalInitialization(float mean, float deviation, float minimum, float maximum) : Initialization
    {
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture, $"TruncatedNormal(mean {mean}, standard deviation {deviation}, {minimum} to {maximum})");

        private protected override void Draw(Span<float> values, Parameter parameter, RandomNumbers random) =>
            random.TruncatedNormal(values, mean, deviation, minimum, maximum);
    }

    private sealed class ConstantInitialization(float value) : Initialization
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Constant({value})");

        private protected override void Draw(Span<float> values, Parameter parameter, RandomNumbers random) => values.Fill(value);
    }

    private sealed class OrthogonalInitialization(float gain) : Initialization
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Orthogonal(gain {gain})");

        private protected override bool NeedsMatrix => true;

        private protected override void Draw(Span<float> values, Parameter parameter, RandomNumbers random)
            => random.Orthogonal(values, parameter.Shape[0], gain);
    }

    // Variance gain² · 2 / (fan_in + fan_out) for Xavier, which has no mode, and gain² / fan for Kaiming.
    private sealed class ScaledInitialization(string name, float gain, FanMode? mode, bool normal) : Initialization
    {
        public override string ToString() => mode == null
            ? string.Create(CultureInfo.InvariantCulture, $"{name}(gain {gain})")
            : string.Create(CultureInfo.InvariantCulture, $"{name}({mode}, gain {gain})");

        private protected override bool NeedsMatrix => true;

        private protected override void Draw(Span<float> values, Parameter parameter, RandomNumbers random)
        {
            double fan = mode switch
            {
                FanMode.FanIn => parameter.FanIn,
                FanMode.FanOut => parameter.FanOut,
                _ => (parameter.FanIn + (double)parameter.FanOut) / 2,
            };
            double deviation = gain / Math.Sqrt(fan), bound = Math.Sqrt(3) * deviation;
            if (normal)
                random.Normal(values, 0, deviation);
            else
                random.Uniform(values, -bound, bound);
        }
    }

    private sealed class PathInitialization(Initialization otherwise, (string Path, Initialization Scheme)[] parts) : Initialization
    {
        public override string ToString() => $"{otherwise}; {string.Join("; ", parts.Select(part => $"{part.Path}: {part.Scheme}"))}";

        private protected override void Draw(Span<float> values, Parameter parameter, RandomNumbers random)
            => DrawInNetwork(values, parameter, random);

        private protected override void DrawInNetwork(Span<float> values, Parameter parameter, RandomNumbers random)
        {
            (string? path, Initialization scheme) = Find(parameter);
            if (path != null && IsNamed(parameter, path) && parameter.IsWeightOrBias)
                scheme.Draw(values, parameter, random);
            else
                scheme.DrawInNetwork(values, parameter, random);
        }

        private protected override void Check(IReadOnlyList<Parameter> parameters)
        {
            foreach ((string path, Initialization scheme) in parts)
            {
                Parameter[] taken = [.. parameters.Where(parameter => parameter.IsWeightOrBias && IsAtOrBelow(parameter.Name, path))];
                if (taken.Length == 0)
                    throw new ArgumentException($"\"{path}\" is no layer or parameter of this network, whose parameters "
                        + $"are {string.Join(", ", parameters.Select(p => p.Name))}.", nameof(parameters));
                foreach (Parameter parameter in taken.Where(parameter => Find(parameter).Path == path && IsNamed(parameter, path)))
                    scheme.CheckDimensions(parameter);
            }
        }

        // The parameter itself, or the weight of the layer, is meant, and not all that lies below.
        private static bool IsNamed(Parameter parameter, string path) =>
            parameter.Name.Length == path.Length
                || (parameter.Kind == ParameterKind.Weight && parameter.Name.LastIndexOf('.') == path.Length);

        private static bool IsAtOrBelow(string name, string path) =>
            name.StartsWith(path, StringComparison.Ordinal) && (name.Length == path.Length || name[path.Length] == '.');

        private (string? Path, Initialization Scheme) Find(Parameter parameter)
        {
            (string? Path, Initialization Scheme) best = (null, otherwise);
            foreach ((string path, Initialization scheme) in parts)
            {
                if (IsAtOrBelow(parameter.Name, path) && path.Length > (best.Path?.Length ?? 0))
                    best = (path, scheme);
            }
            return best;
        }
    }
}
