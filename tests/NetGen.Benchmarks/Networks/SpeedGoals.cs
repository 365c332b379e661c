namespace NetGen.Benchmarks.Networks;

/// <summary>How many times as fast as the fastest peer a network shall be on one thread.</summary>
/// <param name="Single">Inference of one sample.</param>
/// <param name="Batched">Inference of the workload's largest batch; null for none.</param>
/// <param name="Training">The training step of the workload's batch.</param>
/// <param name="PeakFraction">What inference of the largest batch shall reach of the FMA peak; null for none.</param>
internal sealed record SpeedGoals(double Single, double? Batched, double Training, double? PeakFraction = null);
