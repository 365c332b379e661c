using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("NetGen.Cuda.Simulator.Tests")]
