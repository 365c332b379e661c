using System.Text.Json;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

/// <summary>A hundred steps of every optimiser, with groups and clipping, against what PyTorch computed.</summary>
public unsafe class GoldenOptimizerTests
{
    private static readonly JsonElement s_golden =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "optimizers.json"))).RootElement;

    public static TheoryData<int, string> Cases
    {
        get
        {
            var cases = new TheoryData<int, string>();
            int i = 0;
            foreach (JsonElement @case in s_golden.GetProperty("cases").EnumerateArray())
                cases.Add(i++, $"{@case.GetProperty("optimizer")} {@case.GetProperty("arguments")} {@case.GetProperty("groups")} {@case.GetProperty("clipping")}");
            return cases;
        }
    }

    [Fact]
    public void Every_optimiser_is_in_the_file_with_groups()
    {
        var names =
            s_golden.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("groups").EnumerateObject().Any())
            .Select(c => c.GetProperty("optimizer").GetString()!).Distinct();
        Assert.Equal(typeof(Optimizer).Assembly.GetExportedTypes().Where(t => t.BaseType == typeof(Optimizer)).Select(t => t.Name).Order(),
            names.Order());
    }

    [Theory, MemberData(nameof(Cases))]
    public void Follows_PyTorch_for_a_hundred_steps(int index, string what)
    {
        JsonElement @case = s_golden.GetProperty("cases")[index];
        float[] initial = Numbers(s_golden.GetProperty("initial"));
        float[][] gradients = s_golden.GetProperty("gradients").EnumerateArray().Select(Numbers).ToArray();
        int[] parts = s_golden.GetProperty("parts").EnumerateArray().Select(x => x.GetInt32()).ToArray();
        int[] shown = s_golden.GetProperty("shown").EnumerateArray().Select(x => x.GetInt32()).ToArray();
        int[] frozen = s_golden.GetProperty("frozen").EnumerateArray().Select(x => x.GetInt32()).ToArray();
        Assert.Equal(100, gradients.Length);
        foreach (VectorWidth width in Floats.SupportedWidths)
        {
            Optimizer optimizer = FromPyTorch(@case.GetProperty("optimizer").GetString()!, @case.GetProperty("arguments"));
            var resting = new List<ParameterGroup>();
            foreach (JsonProperty group in @case.GetProperty("groups").EnumerateObject())
            {
                optimizer.Groups.Add(
                    new ParameterGroup(group.Name) { LearningRate = Option(group.Value, "lr"),
                    WeightDecay = Option(group.Value, "weight_decay"), Momentum = Option(group.Value, "momentum") });
                if (group.Value.TryGetProperty("frozen", out _))
                    resting.Add(optimizer.Groups[^1]);
            }
            JsonElement clipping = @case.GetProperty("clipping");
            var options = new TrainerOptions { ClipGradientNorm = Option(clipping, "norm"), ClipGradientValue = Option(clipping, "value") };

            // The parameters begin at multiples of 16, as they do in a network.
            int length = parts.Sum(part => (part + 15) / 16 * 16);
            using var weights = new AlignedBuffer(length);
            using var gradient = new AlignedBuffer(length);
            Parameter[] parameters = Views(parts, weights), gradientViews = Views(parts, gradient);
            Fill(parameters, initial);
            using var state = new OptimizerState(optimizer, parameters, length, options, width);
            int next = 0;
            for (int step = 0; step < gradients.Length; step++)
            {
                if (step == s_golden.GetProperty("new_rate_at").GetInt32())
                    optimizer.LearningRate *= s_golden.GetProperty("rate_factor").GetSingle();
                foreach (ParameterGroup group in resting)
                    group.Frozen = frozen[0] <= step && step < frozen[1];
                Fill(gradientViews, gradients[step]);
                state.BeginStep();
                if (state.MeasuresGradients)
                {
                    state.MeasureGradients(gradient.Pointer, 0, 2);
                    state.MeasureGradients(gradient.Pointer, 1, 2);
                    state.SumGradients();
                }
                state.Update(weights.Pointer, gradient.Pointer, 0, 2);
                state.Update(weights.Pointer, gradient.Pointer, 1, 2);
                if (next < shown.Length && shown[next] == step + 1)
                    AssertClose(Numbers(@case.GetProperty("trajectory")[next++]),
                        parameters.SelectMany(parameter => parameter.ToArray()).ToArray(), $"{what}, {width}, after step {step + 1}");
            }
            Assert.Equal(shown.Length, next);
        }
    }

    /// <summary>
    /// As in PyTorch a fault in the gradients is not clipped away: with a NaN their norm, and so each of them, is NaN; with an infinity the
    /// others are 0 and it is NaN. Clipping by value leaves the NaN alone.
    /// </summary>
    [Fact]
    public void Clipping_does_not_hide_a_NaN()
    {
        foreach (VectorWidth width in Floats.SupportedWidths)
        {
            // In a vector, and in what fills none.
            foreach (int place in new[] { 3, 36 })
            {
                AssertClipped(width, place, float.NaN, new TrainerOptions { ClipGradientNorm = 1 }, clipped: float.NaN, others: float.NaN);
                AssertClipped(width, place, float.PositiveInfinity, new TrainerOptions { ClipGradientNorm = 1 }, clipped: float.NaN,
                    others: 0);
                AssertClipped(width, place, float.NaN, new TrainerOptions { ClipGradientValue = 2 }, clipped: float.NaN, others: 2);
                AssertClipped(width, place, float.NegativeInfinity, new TrainerOptions { ClipGradientValue = 2 }, clipped: -2, others: 2);
            }
        }
    }

    private static void AssertClipped(VectorWidth width, int place, float fault, TrainerOptions options, float clipped, float others)
    {
        const int Count = 37;
        using var weights = new AlignedBuffer(48);
        using var gradient = new AlignedBuffer(48);
        Parameter[] parameters = Views([Count], weights), gradients = Views([Count], gradient);
        var values = new float[Count];
        Fill(parameters, values);
        Array.Fill(values, 3f);
        values[place] = fault;
        Fill(gradients, values);
        using var state = new OptimizerState(new SGD(1), parameters, 48, options, width);
        state.BeginStep();
        if (state.MeasuresGradients)
        {
            state.MeasureGradients(gradient.Pointer, 0, 1);
            state.SumGradients();
        }
        state.Update(weights.Pointer, gradient.Pointer, 0, 1);
        // A step at rate 1 from 0 is the gradient with its sign turned.
        Assert.Equal(Enumerable.Range(0, Count).Select(i => i == place ? clipped : others), parameters[0].ToArray().Select(w => 0 - w));
    }

    private static Parameter[] Views(int[] parts, AlignedBuffer buffer)
    {
        var views = new Parameter[parts.Length];
        int offset = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            views[i] =
                new Parameter(((char)('a' + i)).ToString(), [parts[i]], buffer, offset, new TensorLayout(new TensorDimension(parts[i], 1)),
                ParameterKind.Weight, 1, 1);
            offset += (parts[i] + 15) / 16 * 16;
        }
        return views;
    }

    private static void Fill(Parameter[] parameters, ReadOnlySpan<float> values)
    {
        foreach (Parameter parameter in parameters)
        {
            parameter.CopyFrom(values[..parameter.Length]);
            values = values[parameter.Length..];
        }
    }

    private static float[] Numbers(JsonElement array) => array.EnumerateArray().Select(x => x.GetSingle()).ToArray();

    private static float? Option(JsonElement settings, string key)
        => settings.TryGetProperty(key, out JsonElement value) ? value.GetSingle() : null;

    private static Optimizer FromPyTorch(string name, JsonElement arguments)
    {
        var read = new List<string>();
        float Number(string key, float @default)
        {
            read.Add(key);
            return Option(arguments, key) ?? @default;
        }
        bool Flag(string key)
        {
            read.Add(key);
            return arguments.TryGetProperty(key, out JsonElement value) && value.GetBoolean();
        }
        float[] betas = arguments.TryGetProperty("betas", out JsonElement pair) ? Numbers(pair) : [0.9f, 0.999f];
        bool maximize = Flag("maximize");
        Optimizer optimizer = name switch
        {
            "SGD" =>
                new SGD(Number("lr", 0), Number("momentum", 0), Number("dampening", 0), Number("weight_decay", 0),
                Flag("nesterov")) { Maximize = maximize },
            "Adam" =>
                new Adam(Number("lr", 1e-3f), betas[0], betas[1], Number("eps", 1e-8f), Number("weight_decay", 0),
                Flag("amsgrad")) { Maximize = maximize },
            "AdamW"
                => new AdamW(Number("lr", 1e-3f), betas[0], betas[1], Number("eps", 1e-8f), Number("weight_decay", 1e-2f),
                Flag("amsgrad")) { Maximize = maximize },
            "RMSprop"
                => new RMSprop(Number("lr", 1e-2f), Number("alpha", 0.99f), Number("eps", 1e-8f), Number("weight_decay", 0),
                Number("momentum", 0), Flag("centered")) { Maximize = maximize },
            "Adagrad"
                => new Adagrad(Number("lr", 1e-2f), Number("lr_decay", 0), Number("weight_decay", 0),
                Number("initial_accumulator_value", 0), Number("eps", 1e-10f)) { Maximize = maximize },
            _ => throw new InvalidDataException(name),
        };
        // An argument that is not read would be tested nowhere.
        Assert.Empty(arguments.EnumerateObject().Select(argument => argument.Name).Except([.. read, "betas"]));
        return optimizer;
    }

    // Rounding adds up over a hundred steps, and more where a centred variance is a small difference. A wrong formula is off by percents.
    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= 4e-6 * (1 + Math.Abs(expected[i]))))
                Assert.Fail($"{what}, element {i}: expected {expected[i]:R}, found {actual[i]:R}.");
        }
    }
}
