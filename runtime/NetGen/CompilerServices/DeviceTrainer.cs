namespace NetGen.CompilerServices;

/// <summary>A trainer's part on a device. No call allocates but the first of its kind.</summary>
internal abstract unsafe class DeviceTrainer : IDisposable
{
    /// <summary>What runs, in words.</summary>
    public abstract string Schedule { get; }

    /// <summary>
    /// Passes keep running statistics and counts aside before they change them, so that <see cref="TakeBackStatistics"/> can go back.
    /// </summary>
    public abstract bool KeepsStatistics { get; set; }

    /// <summary>Does a pass, and waits for it. On any error nothing has changed, as far as the device allows.</summary>
    /// <param name="pass">Which.</param>
    /// <param name="caller">Where the caller's values are.</param>
    /// <param name="scales">What the gradient of each loss is multiplied by.</param>
    /// <param name="losses">Receives the loss of each sample, of one loss behind the other, where they are computed.</param>
    public abstract void Run(in DevicePass pass, IDeviceCaller caller, ReadOnlySpan<float> scales, double[] losses);

    /// <summary>
    /// Starts a pass that begins at the inputs and ends with the gradients, and does not wait for it. What it gives is taken later, in
    /// the order of the passes; of no more than <see cref="MostStarted"/> it has not been.
    /// </summary>
    /// <inheritdoc cref="Run" path="/param"/>
    public abstract void Start(in DevicePass pass, IDeviceCaller caller, ReadOnlySpan<float> scales);

    /// <summary>Takes what the oldest pass gives that was started and not taken yet; there is one.</summary>
    /// <param name="waits">Waits for it.</param>
    /// <param name="losses">As of <see cref="Run"/>.</param>
    /// <returns>It has been taken; false where it is not done, which nobody waits for.</returns>
    /// <exception cref="CudaException">It failed, and counts as taken.</exception>
    public abstract bool Take(bool waits, double[] losses);

    /// <summary>Passes that may be under way.</summary>
    public const int MostStarted = 2;

    /// <summary>Has room for gradients that are added to others.</summary>
    public abstract void AllocateFurtherGradients();

    /// <summary>Adds the gradients of the last pass, which were put aside, to those that the caller sees.</summary>
    public abstract void AddGradients();

    /// <summary>All gradients become zero.</summary>
    public abstract void ClearGradients();

    /// <summary>
    /// Sums of squares of all gradients that are not frozen, in their order; those that the last pass has measured where it has.
    /// </summary>
    /// <param name="isMeasured">The last pass has.</param>
    public abstract ReadOnlySpan<double> MeasureGradients(bool isMeasured);

    /// <summary>The step that the optimiser has begun. Nothing waits for it. On any error nothing has changed.</summary>
    public abstract void Update();

    /// <summary>Running statistics and counts become what they were before the last pass.</summary>
    public abstract void TakeBackStatistics();

    /// <summary>Brings the parameters home, and frees the device's memory.</summary>
    public abstract void Dispose();
}

/// <summary>A pass on a device.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Samples">Number of samples.</param>
/// <param name="Seed">The seed of dropout.</param>
/// <param name="Step">Number of the step, by which dropout draws anew.</param>
/// <param name="PutsAside">Gradients go where those are that are added to others.</param>
/// <param name="WantsInputGradient">The caller wants the gradient of an input.</param>
/// <param name="Measures">The gradients' squares are summed behind it.</param>
internal readonly record struct DevicePass(
    DevicePassKind Kind, int Samples, ulong Seed, uint Step, bool PutsAside = false, bool WantsInputGradient = false,
    bool Measures = false);

/// <summary>What a pass does.</summary>
internal enum DevicePassKind
{
    /// <summary>From the inputs to the outputs.</summary>
    Forward,

    /// <summary>From the inputs by the losses to the parameters' gradients.</summary>
    Step,

    /// <summary>From the outputs of the last forward pass by the losses to gradients.</summary>
    Backward,

    /// <summary>From gradients of the outputs that the caller gives.</summary>
    FromOutput,
}
