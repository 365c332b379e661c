using System.Globalization;
using System.Runtime.Intrinsics;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// How the parameters of a new network are drawn. The definitions are those of <c>torch.nn.init</c>; the numbers are not
/// PyTorch's but a function of the seed, the parameter's place in the network and the element's place in the parameter.
/// </summary>
public abstract class Initialization
{
    private protected Initialization()
    {
    }

    /// <summary>√2, PyTorch's gain for ReLU.</summary>
    public static float ReLUGain { get; } = MathF.Sqrt(2);

    /// <summary>
    /// PyTorch's default for Linear and Conv2d: weight and bias uniform in [−1/√fan_in, 1/√fan_in)
    /// (<c>kaiming_uniform_(a=√5)</c> comes to this).
    /// </summary>
    public static Initialization PyTorchDefault { get; } = new DefaultInitialization();

    /// <summary>Glorot and Bengio (2010), uniform, gain 1: weights in ±√(6 / (fan_in + fan_out)), biases 0.</summary>
    public static Initialization XavierUniform { get; } = CreateXavierUniform();

    /// <summary>Glorot and Bengio (2010), normal, gain 1: weights N(0, 2 / (fan_in + fan_out)), biases 0.</summary>
    public static Initialization XavierNormal { get; } = CreateXavierNormal();

    /// <summary>He et al. (2015), uniform, for ReLU: weights in ±√2 · √(3 / fan_in), biases 0.</summary>
    public static Initialization KaimingUniform { get; } = CreateKaimingUniform();

    /// <summary>He et al. (2015), normal, for ReLU: weights N(0, 2 / fan_in), biases 0.</summary>
    public static Initialization KaimingNormal { get; } = CreateKaimingNormal();

    /// <summary>Weights uniform in ±gain · √(6 / (fan_in + fan_out)), biases 0: <c>xavier_uniform_</c>.</summary>
    /// <param name="gain">Factor for the nonlinearity that follows, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number above 0.</exception>
    public static Initialization CreateXavierUniform(float gain = 1) => new ScaledInitialization("XavierUniform", CheckGain(gain), null, normal: false);

    /// <summary>Weights N(0, gain² · 2 / (fan_in + fan_out)), biases 0: <c>xavier_normal_</c>.</summary>
    /// <param name="gain">Factor for the nonlinearity that follows, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number above 0.</exception>
    public static Initialization CreateXavierNormal(float gain = 1) => new ScaledInitialization("XavierNormal", CheckGain(gain), null, normal: true);

    /// <summary>Weights uniform in ±gain · √(3 / fan), biases 0: <c>kaiming_uniform_</c>.</summary>
    /// <param name="mode">Which fan.</param>
    /// <param name="gain">Factor for the nonlinearity that follows, above 0; √2, ReLU's, by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number above 0, or the mode is unknown.</exception>
    public static Initialization CreateKaimingUniform(FanMode mode = FanMode.FanIn, float? gain = null) =>
        new ScaledInitialization("KaimingUniform", CheckGain(gain ?? ReLUGain), CheckMode(mode), normal: false);

    /// <summary>Weights N(0, gain² / fan), biases 0: <c>kaiming_normal_</c>.</summary>
    /// <param name="mode">Which fan.</param>
    /// <param name="gain">Factor for the nonlinearity that follows, above 0; √2, ReLU's, by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number above 0, or the mode is unknown.</exception>
    public static Initialization CreateKaimingNormal(FanMode mode = FanMode.FanIn, float? gain = null) =>
        new ScaledInitialization("KaimingNormal", CheckGain(gain ?? ReLUGain), CheckMode(mode), normal: true);

    /// <summary>Draws all parameters of a network.</summary>
    /// <param name="parameters">The parameters; the place in the list is part of the random counter.</param>
    /// <param name="seed">The same seed gives the same parameters.</param>
    public void Apply(IReadOnlyList<Parameter> parameters, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (!float.IsNaN(parameter.InitialValue))
            {
                parameter.Fill(parameter.InitialValue);
                continue;
            }
            var values = new float[parameter.Length];
            Draw(values, parameter, seed, (uint)i);
            parameter.CopyFrom(values);
        }
    }

    private protected abstract void Draw(Span<float> values, Parameter parameter, ulong seed, uint stream);

    // Uniform in [−bound, bound).
    private protected static void Uniform(Span<float> values, double bound, ulong seed, uint stream)
    {
        Span<uint> words = stackalloc uint[4];
        for (int i = 0; i < values.Length; i += 4)
        {
            Words(seed, (uint)i / 4, stream).CopyTo(words);
            for (int j = 0; j < 4 && i + j < values.Length; j++)
            {
                // 24 bits, all that a float in [0, 1) holds. The sum may round up to the bound, which is left out.
                double unit = (words[j] >> 8) * (1.0 / (1 << 24));
                values[i + j] = Math.Min((float)((2 * unit - 1) * bound), MathF.BitDecrement((float)bound));
            }
        }
    }

    // Box and Muller's transform of two words each.
    private protected static void Normal(Span<float> values, double deviation, ulong seed, uint stream)
    {
        Span<uint> words = stackalloc uint[4];
        for (int i = 0; i < values.Length; i += 4)
        {
            Words(seed, (uint)i / 4, stream).CopyTo(words);
            for (int j = 0; j < 4 && i + j < values.Length; j++)
            {
                int pair = j & ~1;
                // In (0, 1], so that the logarithm is finite.
                double radius = Math.Sqrt(-2 * Math.Log((words[pair] + 1.0) / 4294967296.0));
                double angle = 2 * Math.PI * (words[pair + 1] / 4294967296.0);
                values[i + j] = (float)(deviation * radius * ((j & 1) == 0 ? Math.Cos(angle) : Math.Sin(angle)));
            }
        }
    }

    // The second and third word set these counters apart from those of dropout (sample, step) under the same seed.
    private static Vector128<uint> Words(ulong seed, uint counter, uint stream) => Philox.Generate(seed, counter, uint.MaxValue, uint.MaxValue, stream);

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

        private protected override void Draw(Span<float> values, Parameter parameter, ulong seed, uint stream) =>
            Uniform(values, 1 / Math.Sqrt(parameter.FanIn), seed, stream);
    }

    // Variance gain² · 2 / (fan_in + fan_out) for Xavier, which has no mode, and gain² / fan for Kaiming.
    private sealed class ScaledInitialization(string name, float gain, FanMode? mode, bool normal) : Initialization
    {
        public override string ToString() => mode == null
            ? string.Create(CultureInfo.InvariantCulture, $"{name}(gain {gain})")
            : string.Create(CultureInfo.InvariantCulture, $"{name}({mode}, gain {gain})");

        private protected override void Draw(Span<float> values, Parameter parameter, ulong seed, uint stream)
        {
            if (parameter.Kind == ParameterKind.Bias)
            {
                values.Clear();
                return;
            }
            double fan = mode switch
            {
                FanMode.FanIn => parameter.FanIn,
                FanMode.FanOut => parameter.FanOut,
                _ => (parameter.FanIn + (double)parameter.FanOut) / 2,
            };
            double deviation = gain / Math.Sqrt(fan);
            if (normal)
                Normal(values, deviation, seed, stream);
            else
                Uniform(values, Math.Sqrt(3) * deviation, seed, stream);
        }
    }
}
